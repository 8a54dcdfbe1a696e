import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '@bonafide/contracts';

export type Metered = { bytes: number; sha256: string };

export type MeterSpec = {
  maxBytes: number;
  /** Takes the content as it arrives; nothing may remain when the stream fails. */
  save: (content: Readable) => Promise<void>;
  signal?: AbortSignal;
};

/**
 * Saves content while it is counted and hashed; never more than a few blocks of it are in memory.
 * @throws CodedError `empty_file`, `file_too_large`; what the source or `save` throws is passed on.
 */
export async function saveMetered(
  content: Readable,
  { maxBytes, save, signal }: MeterSpec,
): Promise<Metered> {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > maxBytes ? tooLarge(maxBytes) : null, chunk);
    },
    flush: (done) => done(bytes === 0 ? new CodedError('empty_file') : null),
  });
  const [fed, saved] = await Promise.allSettled([pipeline(content, meter, { signal }), save(meter)]);
  if (fed.status === 'rejected' && fed.reason instanceof CodedError) throw fed.reason;
  if (saved.status === 'rejected') throw saved.reason;
  if (fed.status === 'rejected') throw fed.reason;
  return { bytes, sha256: hash.digest('hex') };
}

export function tooLarge(maxBytes: number): CodedError {
  return new CodedError('file_too_large', `The file has more than ${maxBytes} bytes`);
}
