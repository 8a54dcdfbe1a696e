import type { UploadRecord, UploadRef } from '@bonafide/contracts';
import { forgetMaking } from '../records/idempotency';
import { uploadMediaKey } from '../records/uploads';
import type { Upkeep } from './upkeep';

export type Removal = { media: number; documents: number };

export const NO_REMOVAL: Removal = { media: 0, documents: 0 };

/**
 * Has an upload go with the recording that was made of it, at the latest: at once where that is to be gone by now.
 * Done again it changes nothing. @returns how much was removed
 */
export async function limitUpload(
  { config, records, store }: Pick<Upkeep, 'config' | 'records' | 'store'>,
  ref: UploadRef,
  untilMs: number,
): Promise<Removal> {
  const nowMs = Date.now();
  if (untilMs >= nowMs + config.uploads.ttlSec * 1000) return NO_REMOVAL;
  const upload = await records.uploads.get(ref);
  if (!upload) return NO_REMOVAL;
  if (untilMs > nowMs) {
    const expires_at = new Date(untilMs).toISOString();
    if (Date.parse(upload.expires_at) > untilMs) await records.uploads.put({ ...upload, expires_at });
    return NO_REMOVAL;
  }
  return dropUpload({ records, store }, upload);
}

/** Removes an upload with its bytes and with the answer that is kept for its making. @returns how much there was */
export async function dropUpload(
  { records, store }: Pick<Upkeep, 'records' | 'store'>,
  upload: UploadRecord,
): Promise<Removal> {
  const ref = { tenant: upload.tenant, upload_id: upload.id };
  const media = (await store.head(uploadMediaKey(ref))) === null ? 0 : 1;
  await store.remove(uploadMediaKey(ref));
  const answers = await forgetMaking(records, upload);
  await records.uploads.remove(ref);
  return { media, documents: 1 + answers };
}
