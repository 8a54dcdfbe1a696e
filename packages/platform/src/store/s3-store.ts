import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { httpStatusOf, storeFault } from './faults';
import { orNull } from './s3-faults';
import { writing } from './s3-full';
import { abortUploads, copyWithin, signPut, type Address } from './s3-transfers';
import { assertKey, type ByteRange, type ObjectInfo, type ObjectStore } from './object-store';

/** The store of many machines: a bucket. `links` knows it by the address that senders outside can reach. */
export function createS3Store(client: S3Client, bucket: string, links: S3Client): ObjectStore {
  const place = { client, bucket };
  const at = (key: string) => {
    assertKey(key);
    return { Bucket: bucket, Key: key };
  };
  const open = async (key: string, range?: ByteRange) => {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const answer = await orNull(client.send(new GetObjectCommand({ ...at(key), Range })));
    return answer?.Body ?? null;
  };
  return {
    put: (key, body) => writing(place, () => put(client, at(key), body)),
    create: (key, body) => writing(place, () => create(client, at(key), body)),
    read: (key) =>
      guarded(async () => {
        const body = await open(key);
        return body && Buffer.from(await body.transformToByteArray());
      }),
    stream: (key, range) => guarded(async () => (await open(key, range)) as Readable | null),
    fetch: (key, path, signal) =>
      guarded(async () => {
        const body = (await open(key)) as Readable | null;
        return body !== null && saveTo(path, body, signal);
      }),
    head: (key) => guarded(() => head(client, at(key))),
    copy: (from, to) => writing(place, () => copyWithin(client, at(from), at(to))),
    signPut: (key, spec) => signPut(links, at(key), spec),
    removePartials: (before) => guarded(() => abortUploads(client, bucket, before)),
    remove: (key) => guarded(() => client.send(new DeleteObjectCommand(at(key))).then(() => undefined)),
    list: (prefix, after) => list(client, bucket, prefix, after),
    close: () => {
      client.destroy();
      links.destroy();
    },
  };
}

/** A stream goes up in parts, one in memory at a time; when it fails, the parts are taken back. */
async function put(client: S3Client, at: Address, body: Uint8Array | Readable): Promise<void> {
  if (body instanceof Readable) {
    await new Upload({ client, params: { ...at, Body: body }, queueSize: 1 }).done();
  } else {
    await client.send(new PutObjectCommand({ ...at, Body: body }));
  }
}

/** Of several at once one wins; the others are told 412 (or 409 where the server saw them race). */
async function create(client: S3Client, at: Address, body: Uint8Array): Promise<'created' | 'exists'> {
  try {
    await client.send(new PutObjectCommand({ ...at, Body: body, IfNoneMatch: '*' }));
    return 'created';
  } catch (error) {
    if (httpStatusOf(error) === 412) return 'exists';
    if (httpStatusOf(error) === 409 && (await head(client, at)) !== null) return 'exists';
    throw error;
  }
}

async function head(client: S3Client, at: Address): Promise<ObjectInfo | null> {
  const answer = await orNull(client.send(new HeadObjectCommand(at)));
  return (
    answer && {
      key: at.Key,
      bytes: answer.ContentLength ?? 0,
      modifiedAt: answer.LastModified ?? new Date(0),
    }
  );
}

async function saveTo(path: string, body: Readable, signal?: AbortSignal): Promise<true> {
  try {
    await pipeline(body, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    return true;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function* list(
  client: S3Client,
  bucket: string,
  prefix: string,
  after?: string,
): AsyncIterable<ObjectInfo> {
  let token: string | undefined;
  do {
    const page = await guarded(() =>
      client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          StartAfter: token === undefined ? after : undefined,
          ContinuationToken: token,
        }),
      ),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key) yield { key: Key, bytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function guarded<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw storeFault(error);
  }
}
