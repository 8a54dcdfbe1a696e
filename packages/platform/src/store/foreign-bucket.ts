import type { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { StoreConfig } from '../config';
import { httpStatusOf, storeFault } from './faults';
import type { ByteRange } from './object-store';
import { createS3Client } from './open-store';

/** A bucket that is not ours: its keys are whatever their owner made them. Only ever read. */
export type ForeignBucket = {
  list(prefix: string): AsyncIterable<{ key: string; bytes: number }>;
  /** Null where there is no such object. */
  open(key: string, range?: ByteRange): Promise<Readable | null>;
  close(): void;
};

export type BucketPrefix = { bucket: string; prefix: string };

/** Reads `s3://bucket/prefix`; null for anything else. */
export function parseBucketPrefix(text: string): BucketPrefix | null {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(text) ?? [];
  return bucket === undefined ? null : { bucket, prefix };
}

/** Whether the operator opened the prefix, or one above it. */
export function isAllowedPrefix({ bucket, prefix }: BucketPrefix, allowed: readonly string[]): boolean {
  return allowed.some((one) => {
    const open = parseBucketPrefix(one);
    return open !== null && open.bucket === bucket && prefix.startsWith(open.prefix);
  });
}

/** On the server that our own store is on, or on AWS where that is a folder. */
export function openForeignBucket(store: StoreConfig, bucket: string): ForeignBucket {
  const client = createS3Client(
    store.kind === 's3' ? { ...store, bucket } : { kind: 's3', bucket, region: 'us-east-1' },
  );
  return {
    list: async function* (prefix) {
      let token: string | undefined;
      do {
        const command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ContinuationToken: token,
        });
        const page = await client.send(command).catch((error: unknown) => {
          throw storeFault(error);
        });
        for (const { Key, Size } of page.Contents ?? []) if (Key) yield { key: Key, bytes: Size ?? 0 };
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    open: async (key, range) => {
      const Range = range && `bytes=${range.start}-${range.end}`;
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
        return (Body as Readable | undefined) ?? null;
      } catch (error) {
        if (httpStatusOf(error) === 404) return null;
        throw storeFault(error);
      }
    },
    close: () => client.destroy(),
  };
}
