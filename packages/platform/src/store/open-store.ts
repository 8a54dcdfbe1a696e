import { mkdir } from 'node:fs/promises';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Config, StoreConfig } from '../config';
import { httpStatusOf } from './faults';
import { createFolderStore } from './folder-store';
import type { ObjectStore } from './object-store';
import { refuseWhileSilent } from './s3-silence';
import { createS3Store } from './s3-store';

const CONNECT_TIMEOUT_MS = 2_000;
/** Of a connection on which nothing moves in either direction: an upload may take as long as it needs. */
const SILENCE_MS = 30_000;

/** The store that the configuration names. An outside store that is down does not keep us from starting. */
export async function openStore(config: StoreConfig): Promise<ObjectStore> {
  if (config.kind === 'folder') {
    await mkdir(config.directory, { recursive: true, mode: 0o700 });
    return createFolderStore(config.directory);
  }
  const client = createS3Client(config);
  refuseWhileSilent(client);
  await ensureBucket(client, config.bucket);
  const links = createS3Client({ ...config, endpoint: config.publicEndpoint ?? config.endpoint });
  return createS3Store(client, config.bucket, links);
}

export function createS3Client({ endpoint, region, credentials }: S3Config): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials,
    // Servers other than AWS rarely answer to bucket names as host names.
    forcePathStyle: endpoint !== undefined,
    // Several servers store the framing of trailing checksums as content.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 3,
    // A request's way through the SDK is laid once a command in place of once a request. It also shares what the SDK
    // notes about the bucket: so a client here is never asked for two.
    cacheMiddleware: true,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_MS },
  });
}

/** Makes the bucket where it is absent and we may; otherwise readiness will tell what is wrong with it. */
async function ensureBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (httpStatusOf(error) !== 404) return;
    await client.send(new CreateBucketCommand({ Bucket: bucket })).catch(() => undefined);
  }
}
