import { Readable } from 'node:stream';
import { CodedError } from '@bonafide/contracts';
import type { ByteRange } from '@bonafide/platform';

/** Something in a store, of which any part can be read. */
export type ByteSource = {
  bytes: number;
  open(range: ByteRange): Promise<Readable | null>;
};

/**
 * Asked for piece by piece: a batch waits for its analyses between its entries, longer than a store keeps a
 * connection open for one that does not read.
 */
const PIECE_BYTES = 8 * 1024 ** 2;

/** The bytes from `start` up to but without `end`. @throws CodedError `media_gone` */
export async function* readRange(source: ByteSource, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += PIECE_BYTES) {
    yield await readPiece(source, at, Math.min(at + PIECE_BYTES, end));
  }
}

/** All of a small range at once. */
export async function readPiece(source: ByteSource, start: number, end: number): Promise<Buffer> {
  const piece = await source.open({ start, end: end - 1 });
  if (!piece) throw new CodedError('media_gone', 'The archive has been deleted');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of piece) chunks.push(chunk as Buffer);
  } catch (error) {
    throw brokenOff(error);
  }
  const content = Buffer.concat(chunks);
  if (content.length !== end - start) throw brokenOff();
  return content;
}

/** The store's fault, not the archive's: it is read again later. */
function brokenOff(cause?: unknown): CodedError {
  return new CodedError('unavailable', 'The archive could not be read from the store', { cause });
}

/** A part of a source by itself. */
export function partOf(source: ByteSource, from: number, to: number): ByteSource {
  return {
    bytes: to - from,
    open: ({ start, end }) => source.open({ start: start + from, end: end + from }),
  };
}

export function rangeStream(source: ByteSource, start: number, end: number): Readable {
  return Readable.from(readRange(source, start, end), { objectMode: false });
}
