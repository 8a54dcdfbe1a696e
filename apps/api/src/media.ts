import { CodedError, type AnalysisRef } from '@bonafide/contracts';
import { mediaKeyOf } from '@bonafide/platform';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { ApiContext } from './context';

/** What else a stored file may pretend to be, it is never handed out as something a browser would run. */
const PLAYABLE = /^(audio|video)\//;

/**
 * Answers with the recording as it was handed in, or the part of it that a Range header asks for.
 * @throws CodedError `not_found`; `media_gone` once retention has removed it; `range_not_satisfiable`
 */
export async function sendMedia(
  { records, store }: Pick<ApiContext, 'records' | 'store'>,
  ref: AnalysisRef,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  const submission = await records.submission(ref);
  if (!submission) throw new CodedError('not_found', `There is no analysis ${ref.analysis_id}`);
  const key = mediaKeyOf(submission);
  const info = await store.head(key);
  if (!info) throw new CodedError('media_gone');
  response.attachment(submission.filename);
  const type = response.get('Content-Type') ?? '';
  response.set({
    'Content-Type': PLAYABLE.test(type) ? type : 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    ETag: `"${submission.sha256}"`,
  });
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  const range = chosenRange(request, response, info.bytes);
  response.set('Content-Length', String(range ? range.end - range.start + 1 : info.bytes));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const content = await store.stream(key, range ?? undefined);
  if (!content) throw new CodedError('media_gone');
  await pipeline(content, response).catch((error: NodeJS.ErrnoException) => {
    // A player that seeks hangs up on what it no longer wants.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

type Chosen = { start: number; end: number } | null;

/** One range; several at once, and what is no range, are answered with the whole (RFC 9110, 14.2). */
function chosenRange(request: Request, response: Response, bytes: number): Chosen {
  const ranges = request.range(bytes, { combine: true });
  if (ranges === -1) {
    response.removeHeader('Content-Disposition');
    response.set('Content-Range', `bytes */${bytes}`);
    throw new CodedError('range_not_satisfiable', `The recording has ${bytes} bytes`);
  }
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return null;
  const [{ start, end }] = ranges;
  response.status(206).set('Content-Range', `bytes ${start}-${end}/${bytes}`);
  return { start, end };
}
