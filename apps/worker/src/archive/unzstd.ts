import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '@bonafide/contracts';
import { Decompress } from 'fzstd';

/**
 * What decompressors are advised to support (RFC 8878, 3.1.1.1.2); `zstd` needs more only with --ultra or --long.
 * A larger one is memory that a few bytes ask for.
 */
const MAX_WINDOW_BYTES = 8 * 1024 ** 2;
/** Four bytes may unpack to 128 KiB: small pieces keep one step short. */
const PIECE_BYTES = 1_024;
const STEP_MS = 20;

/** Where the decompressor keeps the frame it is in. */
type Inner = { s?: number | { w: Uint8Array } };

/** Unpacks zstd frames. @throws CodedError `archive_damaged` */
export async function* unzstd(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let unpacked: Buffer[] = [];
  const decoder = new Decompress((block) => {
    const frame = (decoder as unknown as Inner).s;
    if (typeof frame === 'object' && frame.w.length > MAX_WINDOW_BYTES) {
      throw damaged(`needs a window of more than ${MAX_WINDOW_BYTES} bytes`);
    }
    if (block.length > 0) unpacked.push(Buffer.from(block));
  });
  let beganMs = performance.now();
  for await (const chunk of packed) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const fault = push(decoder, chunk.subarray(at, at + PIECE_BYTES), 'more');
      yield* unpacked;
      if (fault) throw fault;
      unpacked = [];
      if (performance.now() - beganMs > STEP_MS) {
        await nextTurn();
        beganMs = performance.now();
      }
    }
  }
  const fault = push(decoder, Buffer.alloc(0), 'last');
  yield* unpacked;
  if (fault) throw fault;
}

/** @returns what is wrong with the piece: what came out of it before counts all the same */
function push(decoder: Decompress, piece: Uint8Array, place: 'more' | 'last'): CodedError | null {
  try {
    decoder.push(piece, place === 'last');
    return null;
  } catch (error) {
    return error instanceof CodedError ? error : damaged('cannot be unpacked', error);
  }
}

function damaged(what: string, cause?: unknown): CodedError {
  return new CodedError('archive_damaged', `The zstd stream ${what}`, { cause });
}
