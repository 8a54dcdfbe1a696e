import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Each piece passes through several streams, whatever its size: zlib's own 16 KiB cost more than the unpacking. */
const PIECE_BYTES = 256 * 1024;
/** What is packed goes in by small pieces: what came out of the one at fault is lost. */
const PACKED_BYTES = 4 * 1024;
/** Unpacked ahead of who reads. */
const PIECES_AHEAD = 4;

/** Unpacks gzip. A stream that fails forgets what nobody has read yet: here that is given out before the fault. */
export async function* gunzip(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unpacker = createGunzip({ chunkSize: PIECE_BYTES });
  const pieces: Buffer[] = [];
  let end: { fault?: Error } | undefined;
  let wake = () => undefined as void;
  unpacker.on('data', (piece: Buffer) => {
    pieces.push(piece);
    if (pieces.length >= PIECES_AHEAD) unpacker.pause();
    wake();
  });
  const stop = (told: { fault?: Error }) => {
    end ??= told;
    wake();
  };
  unpacker.on('end', () => stop({}));
  unpacker.on('error', (fault) => stop({ fault }));
  pipeline(Readable.from(inPieces(packed)), unpacker, () => undefined);
  try {
    for (;;) {
      const piece = pieces.shift();
      if (piece) yield piece;
      else if (end) break;
      else {
        unpacker.resume();
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
    if (end?.fault) throw end.fault;
  } finally {
    unpacker.destroy();
  }
}

async function* inPieces(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of packed) {
    for (let at = 0; at < chunk.length; at += PACKED_BYTES) yield chunk.subarray(at, at + PACKED_BYTES);
  }
}
