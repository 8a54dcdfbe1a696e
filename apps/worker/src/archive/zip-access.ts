import type { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';
import { readPiece, readRange, rangeStream, type ByteSource } from './byte-source';

const BLOCK_BYTES = 1024 ** 2;
const KEPT_BLOCKS = 4;
/** An entry of the directory (APPNOTE 4.3.12) and its flags (4.4.4). */
const DIRECTORY_SIGN = 0x02014b50;
const DIRECTORY_ENTRY_BYTES = 46;
const FLAGS_AT = 8;
const ENCRYPTED = 0x01;
const STRONGLY_ENCRYPTED = 0x40;
/** What a zip ends with (APPNOTE 4.3.16). */
const END_SIGN = 0x06054b50;
const END_BYTES = 22;
const COMMENT_LENGTH_AT = 20;

/** Lets the zip library read from a store: the many small reads of headers come out of a few blocks. */
export class ZipAccess extends RandomAccessReader {
  private readonly blocks = new Map<number, Promise<Buffer>>();

  constructor(private readonly source: ByteSource) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return rangeStream(this.source, start, end);
  }

  /** The bytes from `start` up to but without `end`: small entries lie many to a block. */
  async *content(start: number, end: number): AsyncGenerator<Buffer> {
    if (end - start > BLOCK_BYTES) {
      yield* readRange(this.source, start, end);
      return;
    }
    const content = Buffer.alloc(end - start);
    const bytes = await this.copy(content, start);
    yield content.subarray(0, bytes);
  }

  /** A few bytes, fewer where the file ends before. */
  async peek(start: number, bytes: number): Promise<Buffer> {
    const content = Buffer.alloc(bytes);
    return content.subarray(0, await this.copy(content, start));
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.copy(buffer.subarray(offset, offset + length), position).then(
      (bytesRead) => {
        unmarkStrong(buffer.subarray(offset, offset + length));
        if (position + bytesRead === this.source.bytes)
          leaveOutComment(buffer.subarray(offset, offset + bytesRead));
        callback(null, bytesRead);
      },
      (error: Error) => callback(error),
    );
  }

  override close(callback: (error: Error | null) => void): void {
    this.blocks.clear();
    callback(null);
  }

  private async copy(target: Buffer, position: number): Promise<number> {
    let done = 0;
    while (done < target.length && position + done < this.source.bytes) {
      const at = position + done;
      const block = await this.block(Math.floor(at / BLOCK_BYTES));
      const copied = block.copy(target, done, at % BLOCK_BYTES);
      if (copied === 0) break;
      done += copied;
    }
    return done;
  }

  private block(number: number): Promise<Buffer> {
    const known = this.blocks.get(number);
    const start = number * BLOCK_BYTES;
    const block = known ?? readPiece(this.source, start, Math.min(start + BLOCK_BYTES, this.source.bytes));
    block.catch(() => undefined);
    this.blocks.delete(number);
    this.blocks.set(number, block);
    const [oldest] = this.blocks.keys();
    if (this.blocks.size > KEPT_BLOCKS) this.blocks.delete(oldest);
    return block;
  }
}

/** yauzl gives the whole archive up for one entry that is strongly encrypted; it is left out as others that are. */
function unmarkStrong(header: Buffer): void {
  if (header.length !== DIRECTORY_ENTRY_BYTES || header.readUInt32LE(0) !== DIRECTORY_SIGN) return;
  const flags = header[FLAGS_AT];
  if (flags & STRONGLY_ENCRYPTED) header[FLAGS_AT] = (flags & ~STRONGLY_ENCRYPTED) | ENCRYPTED;
}

/** The source ends where the zip's comment begins, in which yauzl would look for the end of the zip. */
function leaveOutComment(tail: Buffer): void {
  const end = tail.length - END_BYTES;
  if (end >= 0 && tail.readUInt32LE(end) === END_SIGN) tail.writeUInt16LE(0, end + COMMENT_LENGTH_AT);
}
