import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { CodedError } from '@bonafide/contracts';
import { storeFault } from './faults';

/** Whoever waits for the answer to a write that failed waits so much longer at most. */
const LOOK_MS = 2_000;
const LOOKED_THROUGH = 20;

/**
 * Carries out a write. SeaweedFS without free volumes says of it what it says of any trouble, `InternalError`, and
 * gives out what it has as before: that is how it is told from one that is in trouble.
 * @throws CodedError `storage_full`; `unavailable`
 */
export async function writing<T>(
  { client, bucket }: { client: S3Client; bucket: string },
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if ((error as Error).name === 'InternalError' && (await givesOut(client, bucket))) {
      const told = 'The object store gives out what it has and takes nothing in, as one that is full';
      throw new CodedError('storage_full', told, { cause: error });
    }
    throw storeFault(error);
  }
}

/** Whether the content of an object can be read: names alone may come from another server than contents. */
async function givesOut(client: S3Client, bucket: string): Promise<boolean> {
  const look = { abortSignal: AbortSignal.timeout(LOOK_MS) };
  try {
    const list = new ListObjectsV2Command({ Bucket: bucket, MaxKeys: LOOKED_THROUGH });
    const { Contents = [] } = await client.send(list, look);
    const Key = Contents.find(({ Size = 0 }) => Size > 0)?.Key;
    if (Key === undefined) return false;
    const { Body } = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key, Range: 'bytes=0-0' }),
      look,
    );
    return (await Body?.transformToByteArray())?.length === 1;
  } catch {
    return false;
  }
}
