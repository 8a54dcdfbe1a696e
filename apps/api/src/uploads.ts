import {
  CodedError,
  type CreatedUpload,
  type Upload,
  type UploadLink,
  type UploadRecord,
  type UploadRef,
  type UploadRequest,
} from '@bonafide/contracts';
import { dropUpload, saveMetered, uploadMediaKey, type Config } from '@bonafide/platform';
import type { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { ApiContext } from './context';
import { cleanFilename } from './filename';
import type { Locals } from './requests';
import { openToken, sealToken } from './signed-token';

/** The most that S3 takes in one PUT. */
const MAX_PUT_BYTES = 5 * 1024 ** 3;

type UploadContext = Pick<ApiContext, 'config' | 'records' | 'store'>;

const claimsSchema = z.object({ t: z.string(), u: z.string(), e: z.number().int() });

/** Announces an upload: what will come, and the link by which nothing else can. `origin` is where we are. */
export async function createUpload(
  context: UploadContext,
  { tenant, planned }: Pick<Locals, 'tenant' | 'planned'>,
  { wish, origin }: { wish: UploadRequest; origin: string },
): Promise<CreatedUpload> {
  const { records, config } = context;
  const maxBytes = largestUpload(config);
  if (wish.length > maxBytes) {
    throw new CodedError('file_too_large', `An upload may have ${maxBytes} bytes at most`);
  }
  const nowMs = Date.now();
  const record: UploadRecord = {
    format: 1,
    id: planned?.plannedId ?? uuidv7(),
    tenant,
    created_at: new Date(nowMs).toISOString(),
    expires_at: new Date(nowMs + config.uploads.ttlSec * 1000).toISOString(),
    filename: cleanFilename(wish.filename),
    bytes: wish.length,
    sha256: wish.sha256,
    idempotency_key_sha256: planned?.keySha256,
  };
  await records.uploads.put(record);
  const put = await makeLink(context, record, origin);
  return { ...viewOf(record, { received: false }), upload_id: record.id, put };
}

/** @throws CodedError `not_found` also where it has expired */
export async function findUpload(
  { records }: Pick<ApiContext, 'records'>,
  ref: UploadRef,
): Promise<UploadRecord> {
  const record = await records.uploads.get(ref);
  if (record && Date.parse(record.expires_at) > Date.now()) return record;
  throw new CodedError('not_found', `There is no upload ${ref.upload_id}, or it has expired`);
}

export async function readUpload(context: UploadContext, ref: UploadRef): Promise<Upload> {
  const record = await findUpload(context, ref);
  const stored = await context.store.head(uploadMediaKey(ref));
  return viewOf(record, { received: stored !== null });
}

/** Removes an upload before its time; what was made of it stays. */
export async function removeUpload(context: UploadContext, ref: UploadRef): Promise<void> {
  await dropUpload(context, await findUpload(context, ref));
}

/** Takes the bytes that come by a link of ours. Nothing is kept unless they are what was announced. */
export async function receiveSigned(
  context: UploadContext,
  token: string,
  { content, length }: { content: Readable; length: number | undefined },
): Promise<void> {
  const claims = await openToken(context.store, 'upload', { token, schema: claimsSchema });
  if (!claims) throw new CodedError('not_found', 'There is no such link');
  if (claims.e * 1000 < Date.now()) throw new CodedError('forbidden', 'The link has expired');
  const ref = { tenant: claims.t, upload_id: claims.u };
  const upload = await findUpload(context, ref);
  if (length !== undefined && length !== upload.bytes) throw notAnnounced(upload);
  const key = uploadMediaKey(ref);
  const arrival = `${key}.${uuidv7()}`;
  try {
    const save = (body: Readable) => context.store.put(arrival, body);
    const { bytes, sha256 } = await saveMetered(content, { maxBytes: upload.bytes, save });
    if (bytes !== upload.bytes || sha256 !== upload.sha256) throw notAnnounced(upload);
    await context.store.copy(arrival, key);
  } catch (error) {
    throw error instanceof CodedError && error.code === 'file_too_large' ? notAnnounced(upload) : error;
  } finally {
    await context.store.remove(arrival);
  }
}

function notAnnounced({ bytes, sha256 }: UploadRecord): CodedError {
  return new CodedError('unprocessable', `The link is for ${bytes} bytes of the SHA-256 ${sha256} only`);
}

async function makeLink(
  { store, config }: UploadContext,
  upload: UploadRecord,
  origin: string,
): Promise<UploadLink> {
  const { id, tenant, bytes, sha256 } = upload;
  const { linkTtlSec: expiresInSec } = config.uploads;
  const expiresAtMs = Math.min(Date.now() + expiresInSec * 1000, Date.parse(upload.expires_at));
  const expires_at = new Date(expiresAtMs).toISOString();
  const key = uploadMediaKey({ tenant, upload_id: id });
  const signed = await store.signPut(key, { bytes, sha256, expiresInSec });
  if (signed) return { method: 'PUT', ...signed, expires_at };
  const token = await sealToken(store, 'upload', { t: tenant, u: id, e: Math.floor(expiresAtMs / 1000) });
  const url = new URL(`/signed-uploads/${token}`, origin).href;
  return { method: 'PUT', url, headers: { 'Content-Length': String(bytes) }, expires_at };
}

/** What can be made of an upload: an analysis of it, or a batch. */
function largestUpload({ http, batches }: Config): number {
  return Math.min(MAX_PUT_BYTES, Math.max(http.maxUploadBytes, batches.maxArchiveBytes));
}

function viewOf(
  { id, filename, bytes, sha256, created_at, expires_at }: UploadRecord,
  { received }: { received: boolean },
): Upload {
  return { id, filename, length: bytes, sha256, created_at, expires_at, received };
}
