import { CodedError } from '@bonafide/contracts';

/**
 * What decompressors are advised to support (RFC 8878, 3.1.1.1.2); `zstd` needs more only with --ultra or --long.
 * A larger one is memory that a few bytes ask for.
 */
const MAX_WINDOW_BYTES = 8 * 1024 ** 2;
const MAGIC = 0xfd2fb528;
/** The last four bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const DICTIONARY_BYTES = [0, 1, 2, 4];
const SIZE_BYTES = [0, 2, 4, 8];
const RUN = 1;

/** A stream read by numbers of bytes. */
export type Intake = {
  /** Exactly so many; null where the stream has ended. @throws CodedError `archive_damaged` where it ends within them */
  take(count: number): Promise<Buffer | null>;
  /** So many, as they come, in pieces of at most `pieceBytes`. @throws CodedError `archive_damaged` */
  pass(count: number, pieceBytes: number): AsyncGenerator<Buffer>;
};

export type Frame =
  { kind: 'data'; header: Buffer; hasChecksum: boolean } | { kind: 'skippable'; bytes: number };

export function createIntake(packed: AsyncIterable<Buffer>): Intake {
  const source = packed[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  const isFilledTo = async (count: number): Promise<boolean> => {
    while (held.length < count) {
      const next = await source.next();
      if (next.done) return false;
      held = Buffer.concat([held, next.value]);
    }
    return true;
  };
  return {
    take: async (count) => {
      if (!(await isFilledTo(count))) {
        if (held.length === 0) return null;
        throw damaged('breaks off');
      }
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    pass: async function* (count, pieceBytes) {
      for (let left = count; left > 0;) {
        if (!(await isFilledTo(1))) throw damaged('breaks off');
        const piece = held.subarray(0, Math.min(left, pieceBytes));
        held = held.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
  };
}

/** The next frame's header (RFC 8878, 3.1.1.1 and 3.1.2); null behind the last. @throws CodedError `archive_damaged` */
export async function readFrame(intake: Intake): Promise<Frame | null> {
  const mark = await intake.take(4);
  if (!mark) return null;
  const magic = mark.readUInt32LE();
  if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
    return { kind: 'skippable', bytes: (await required(intake, 4)).readUInt32LE() };
  }
  if (magic !== MAGIC) throw damaged('holds what is no frame');
  const descriptor = await required(intake, 1);
  const isSingle = (descriptor[0] & 0x20) !== 0;
  const sizeFlag = descriptor[0] >> 6;
  const sizeBytes = isSingle && sizeFlag === 0 ? 1 : SIZE_BYTES[sizeFlag];
  const dictionaryBytes = DICTIONARY_BYTES[descriptor[0] & 3];
  const rest = await required(intake, (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes);
  const windowBytes = isSingle ? contentBytes(rest.subarray(dictionaryBytes)) : windowOf(rest[0]);
  if (windowBytes > MAX_WINDOW_BYTES) throw damaged(`needs a window of more than ${MAX_WINDOW_BYTES} bytes`);
  return {
    kind: 'data',
    header: Buffer.concat([mark, descriptor, rest]),
    hasChecksum: (descriptor[0] & 4) !== 0,
  };
}

/** A block's header, the bytes that follow it, and whether the frame ends with them. */
export async function readBlock(intake: Intake): Promise<{ header: Buffer; bytes: number; isLast: boolean }> {
  const header = await required(intake, 3);
  const value = header.readUIntLE(0, 3);
  return { header, bytes: ((value >> 1) & 3) === RUN ? 1 : value >> 3, isLast: (value & 1) === 1 };
}

/** @throws CodedError `archive_damaged` where the stream has fewer */
export async function required(intake: Intake, count: number): Promise<Buffer> {
  if (count === 0) return Buffer.alloc(0);
  const taken = await intake.take(count);
  if (!taken) throw damaged('breaks off');
  return taken;
}

export function damaged(what: string, cause?: unknown): CodedError {
  return new CodedError('archive_damaged', `The zstd stream ${what}`, { cause });
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentBytes(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE());
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}
