import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Config } from '@bonafide/platform';
import type { Request } from 'express';
import type { LocalResponse } from './requests';
import { receiveUpload } from './upload';

/** The SHA-256 of no body. */
export const NO_CONTENT = createHash('sha256').digest('hex');

export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Reads a body that is not to be acted upon, to know what it says. @throws CodedError for a broken form */
export async function digestOfBody(
  { request, response }: { request: Request; response: LocalResponse },
  { http, batches }: Config,
): Promise<string | undefined> {
  if (!hasBody(request)) return NO_CONTENT;
  if (!request.is('multipart/form-data')) return digestOfStream(request);
  const maxBytes = Math.max(http.maxUploadBytes, batches.maxArchiveBytes);
  await receiveUpload(request, { fields: 'any', maxBytes, save: discard });
  return response.locals.contentSha256;
}

async function digestOfStream(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function discard(content: Readable): Promise<void> {
  await finished(content.resume());
}
