import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { CodedError } from '@bonafide/contracts';
import { unzstd } from './unzstd';

type Unpack = (packed: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** How entries are unpacked, by their compression method (APPNOTE 4.4.5); zstd had another number for a while. */
const UNPACK: Readonly<Record<number, Unpack>> = {
  0: (packed) => packed,
  8: inflate,
  20: unzstd,
  93: unzstd,
};
/** What other methods are called: people look for these names in their packer's settings. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'Shrink',
  6: 'Implode',
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  95: 'xz',
  97: 'WavPack',
  98: 'PPMd',
};

/** What cannot be read about an entry packed by this method; null where it can be. */
export function unreadableMethod(method: number): string | null {
  if (method in UNPACK) return null;
  return method in NAMES
    ? `is packed by ${NAMES[method]} (method ${method})`
    : `is packed by method ${method}`;
}

/** @throws CodedError `archive_damaged` */
export function unpackEntry(packed: AsyncIterable<Buffer>, method: number): AsyncIterable<Buffer> {
  return UNPACK[method](packed);
}

async function* inflate(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflating = createInflateRaw();
  pipeline(Readable.from(packed), inflating, () => undefined);
  try {
    yield* inflating as AsyncIterable<Buffer>;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.startsWith('Z_')
      ? new CodedError('archive_damaged', 'The entry cannot be unpacked', { cause: error })
      : error;
  }
}
