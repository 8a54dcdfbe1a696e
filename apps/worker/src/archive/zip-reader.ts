import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { CodedError } from '@bonafide/contracts';
import { fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl';
import type { ArchiveEntry } from './archive-entry';
import type { ByteSource } from './byte-source';
import { asDamage } from './damage';
import type { Meter } from './limits';
import { ZipAccess } from './zip-access';
import { zipKind, zipPath } from './zip-entry';
import { ZipRanges } from './zip-ranges';

const STORED = 0;
const DEFLATED = 8;
/** With what an entry of the directory begins (APPNOTE 4.3.12). */
const DIRECTORY_SIGN = Buffer.from('PK\x01\x02');

type Opened = { zip: ZipFile; access: ZipAccess; meter: Meter };

/**
 * Entries of a zip in the order of its directory, which stands at its end; the contents are read from where they
 * lie, so nothing is copied or unpacked beforehand.
 */
export async function* readZip(source: ByteSource, meter: Meter, from: number): AsyncGenerator<ArchiveEntry> {
  const access = new ZipAccess(source);
  const zip = await asDamage(openZip(access, source.bytes));
  const ranges = await ZipRanges.of(await openZip(access, source.bytes));
  let index = 0;
  try {
    const entries = zip.eachEntry();
    for (;;) {
      const next: IteratorResult<Entry> = await asDamage(entries.next());
      if (next.done) break;
      meter.entry();
      const place = ranges.place(next.value);
      if (index++ >= from) yield present({ zip, access, meter }, next.value, place);
    }
    await assertNoMore(zip, access);
  } finally {
    zip.close();
  }
}

/** Sizes are checked where the content is read: a wrong one spoils its entry, not the others. */
async function openZip(access: ZipAccess, bytes: number): Promise<ZipFile> {
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
  return fromRandomAccessReaderPromise(access, bytes, options);
}

/**
 * The end of a zip says how many entries its directory has. One that says too few would have the rest left out, and
 * nobody would know. @throws CodedError `archive_damaged`
 */
async function assertNoMore(zip: ZipFile, access: ZipAccess): Promise<void> {
  // A number, whatever the types of the library say.
  const sign = await access.peek(Number(zip.readEntryCursor), DIRECTORY_SIGN.length);
  if (!sign.equals(DIRECTORY_SIGN)) return;
  throw new CodedError(
    'archive_damaged',
    `The archive holds more than the ${zip.entryCount} entries it states`,
  );
}

function present(opened: Opened, entry: Entry, place: 'alone' | 'shared'): ArchiveEntry {
  const path = zipPath(entry);
  const kind = zipKind(entry, path);
  return {
    path,
    rawPath: entry.fileNameRaw,
    kind: kind === 'file' && place === 'shared' ? 'overlapping' : kind,
    statedBytes: entry.uncompressedSize,
    content: () => content(opened, entry),
  };
}

async function* content({ zip, access, meter }: Opened, entry: Entry): AsyncGenerator<Buffer> {
  const { compressedSize, compressionMethod, uncompressedSize } = entry;
  const { fileDataStart } = await asDamage(zip.readLocalFileHeaderPromise(entry, { minimal: true }));
  const packed = access.content(fileDataStart, fileDataStart + compressedSize);
  let bytes = 0;
  let sum = 0;
  for await (const chunk of unpack(packed, compressionMethod)) {
    bytes += chunk.length;
    meter.unpacked(chunk.length);
    meter.assertEntry(bytes, compressedSize);
    if (bytes > uncompressedSize) throw damaged(`holds more than the ${uncompressedSize} bytes it states`);
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (bytes < uncompressedSize) throw damaged(`holds ${bytes} bytes and states ${uncompressedSize}`);
  if (sum !== entry.crc32) throw damaged('has another checksum than it states');
}

async function* unpack(packed: AsyncIterable<Buffer>, method: number): AsyncGenerator<Buffer> {
  if (method !== STORED && method !== DEFLATED) {
    throw damaged(`is packed by the method ${method}, which cannot be read`);
  }
  if (method === STORED) {
    yield* packed;
    return;
  }
  const inflate = createInflateRaw();
  pipeline(Readable.from(packed), inflate, () => undefined);
  try {
    yield* inflate as AsyncIterable<Buffer>;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.startsWith('Z_')
      ? damaged('cannot be unpacked', error)
      : error;
  }
}

function damaged(what: string, cause?: unknown): CodedError {
  return new CodedError('archive_damaged', `The entry ${what}`, { cause });
}
