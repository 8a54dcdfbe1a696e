import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Readable } from 'node:stream';
import type { PutSpec, SignedPut } from './object-store';
import { orNull } from './s3-faults';

export type Address = { Bucket: string; Key: string };

/** The most that S3 copies by itself. */
const MAX_SERVER_COPY_BYTES = 5 * 1024 ** 3;

export async function copyWithin(client: S3Client, from: Address, to: Address): Promise<boolean> {
  const source = await orNull(client.send(new HeadObjectCommand(from)));
  if (!source) return false;
  if ((source.ContentLength ?? 0) > MAX_SERVER_COPY_BYTES) return copyThroughUs(client, from, to);
  const CopySource = `${from.Bucket}/${from.Key.split('/').map(encodeURIComponent).join('/')}`;
  const copied = await orNull(client.send(new CopyObjectCommand({ ...to, CopySource })));
  return copied !== null;
}

async function copyThroughUs(client: S3Client, from: Address, to: Address): Promise<boolean> {
  const source = await orNull(client.send(new GetObjectCommand(from)));
  if (!source) return false;
  const params = { ...to, Body: source.Body as Readable };
  await new Upload({ client, params, queueSize: 1 }).done();
  return true;
}

/**
 * Length and checksum are signed, so the link is good for no other content. A server that does not check
 * them lets other content in, so whoever uses it checks again.
 */
export async function signPut(client: S3Client, at: Address, spec: PutSpec): Promise<SignedPut> {
  const ChecksumSHA256 = Buffer.from(spec.sha256, 'hex').toString('base64');
  const command = new PutObjectCommand({ ...at, ContentLength: spec.bytes, ChecksumSHA256 });
  const bound = new Set(['content-length', 'x-amz-checksum-sha256']);
  const url = await getSignedUrl(client, command, {
    expiresIn: spec.expiresInSec,
    signableHeaders: new Set(['host', ...bound]),
    unhoistableHeaders: bound,
  });
  return { url, headers: { 'Content-Length': String(spec.bytes), 'x-amz-checksum-sha256': ChecksumSHA256 } };
}

/** Ends uploads in parts that nobody goes on with: their parts are paid for and seen by nobody. */
export async function abortUploads(client: S3Client, bucket: string, before: Date): Promise<number> {
  let aborted = 0;
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (marker) {
    const page: Awaited<ReturnType<typeof listUploads>> = await listUploads(client, bucket, marker);
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (!Key || !UploadId || !Initiated || Initiated >= before) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      aborted++;
    }
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
    marker = page.IsTruncated && KeyMarker ? { KeyMarker, UploadIdMarker } : undefined;
  }
  return aborted;
}

function listUploads(
  client: S3Client,
  bucket: string,
  marker: { KeyMarker?: string; UploadIdMarker?: string },
) {
  return client.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...marker }));
}
