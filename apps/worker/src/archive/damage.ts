import { CodedError } from '@bonafide/contracts';

/**
 * What the archive libraries throw for whatever they cannot read are plain errors; limits and faults of the store
 * have codes of their own and pass.
 * @throws CodedError `archive_damaged`
 */
export async function asDamage<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const { message } = error as Error;
    throw new CodedError('archive_damaged', `The archive cannot be read: ${message}`, { cause: error });
  }
}
