import { createHash } from 'node:crypto';
import { CodedError, type Submission, type UploadRecord, type UploadSubmission } from '@bonafide/contracts';
import { uploadMediaKey, type ObjectStore } from '@bonafide/platform';
import type { ApiContext } from './context';
import { cleanFilename } from './filename';
import { takeIn, type Submitter } from './submit';
import { findUpload } from './uploads';

/**
 * Takes in a recording that was uploaded directly. The analysis gets a copy of its own, which nobody outside
 * has a link to, and that copy is checked: a store may not hold its links to what they were signed for.
 */
export async function submitUpload(
  context: ApiContext,
  { upload_id, filename, ...options }: UploadSubmission,
  submitter: Submitter,
): Promise<Submission> {
  const { store, config } = context;
  const ref = { tenant: submitter.tenant, upload_id };
  const upload = await findUpload(context, ref);
  const { maxUploadBytes } = config.http;
  if (upload.bytes > maxUploadBytes) {
    throw new CodedError('file_too_large', `The file has more than ${maxUploadBytes} bytes`);
  }
  return takeIn(context, submitter, async (begin) => {
    const key = begin();
    if (!(await store.copy(uploadMediaKey(ref), key))) {
      throw new CodedError('conflict', 'The bytes of this upload have not come yet');
    }
    if (!(await isAnnounced(store, key, upload))) {
      await store.remove(uploadMediaKey(ref));
      throw new CodedError('unprocessable', 'What was uploaded is not what the upload was announced as');
    }
    const { bytes, sha256 } = upload;
    return {
      filename: cleanFilename(filename ?? upload.filename),
      bytes,
      sha256,
      upload_id: upload.id,
      ...options,
    };
  });
}

async function isAnnounced(
  store: ObjectStore,
  key: string,
  { bytes, sha256 }: UploadRecord,
): Promise<boolean> {
  if ((await store.head(key))?.bytes !== bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of (await store.stream(key)) ?? []) hash.update(chunk as Buffer);
  return hash.digest('hex') === sha256;
}
