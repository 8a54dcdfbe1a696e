import { httpStatusOf } from './faults';

/** Null where the object is not there; a bucket that is not there is a fault. */
export async function orNull<T>(operation: Promise<T>): Promise<T | null> {
  try {
    return await operation;
  } catch (error) {
    const name = (error as Error).name;
    if (name === 'NoSuchKey' || (httpStatusOf(error) === 404 && name !== 'NoSuchBucket')) return null;
    throw error;
  }
}
