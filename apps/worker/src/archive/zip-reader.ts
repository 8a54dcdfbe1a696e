import { crc32 } from 'node:zlib';
import { CodedError } from '@bonafide/contracts';
import { findZip, ZIP_TAIL_BYTES } from '@bonafide/platform';
import { fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl';
import type { ArchiveEntry } from './archive-entry';
import { partOf, readPiece, type ByteSource } from './byte-source';
import { asDamage } from './damage';
import type { Meter } from './limits';
import { ZipAccess } from './zip-access';
import { zipKind, zipPath } from './zip-entry';
import { unpackEntry, unreadableMethod } from './zip-methods';
import { ZipRanges } from './zip-ranges';

/** With what an entry of the directory begins (APPNOTE 4.3.12). */
const DIRECTORY_SIGN = Buffer.from('PK\x01\x02');

type Opened = { zip: ZipFile; access: ZipAccess; meter: Meter };

/**
 * Entries of a zip in the order of its directory, which stands at its end; the contents are read from where they
 * lie, so nothing is copied or unpacked beforehand.
 */
export async function* readZip(file: ByteSource, meter: Meter, from: number): AsyncGenerator<ArchiveEntry> {
  const source = await zipIn(file);
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

/**
 * The zip without what stands before and behind it in its file. Where no directory is found in that way, the file
 * is taken as it is, and what is wrong with it is said.
 */
async function zipIn(file: ByteSource): Promise<ByteSource> {
  const tail = await readPiece(file, Math.max(0, file.bytes - ZIP_TAIL_BYTES), file.bytes);
  const place = findZip(tail, file.bytes);
  if (!place) return file;
  const sign = await readPiece(file, place.directory, place.directory + DIRECTORY_SIGN.length);
  return partOf(file, sign.equals(DIRECTORY_SIGN) ? place.start : 0, place.end);
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
  return {
    path,
    rawPath: entry.fileNameRaw,
    ...kindOf(entry, path, place),
    statedBytes: entry.uncompressedSize,
    content: () => content(opened, entry),
  };
}

function kindOf(
  entry: Entry,
  path: string,
  place: 'alone' | 'shared',
): Pick<ArchiveEntry, 'kind' | 'detail'> {
  const kind = zipKind(entry, path);
  if (kind !== 'file') return { kind };
  const detail = unreadableMethod(entry.compressionMethod);
  if (detail !== null) return { kind: 'unreadable', detail };
  return { kind: place === 'shared' ? 'overlapping' : kind };
}

async function* content({ zip, access, meter }: Opened, entry: Entry): AsyncGenerator<Buffer> {
  const { compressedSize, compressionMethod, uncompressedSize } = entry;
  const { fileDataStart } = await asDamage(zip.readLocalFileHeaderPromise(entry, { minimal: true }));
  const packed = access.content(fileDataStart, fileDataStart + compressedSize);
  let bytes = 0;
  let sum = 0;
  for await (const chunk of unpackEntry(packed, compressionMethod)) {
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

function damaged(what: string): CodedError {
  return new CodedError('archive_damaged', `The entry ${what}`);
}
