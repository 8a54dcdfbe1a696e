import { crc32 } from 'node:zlib';
import type { Entry } from 'yauzl';
import type { EntryKind } from './archive-entry';
import { decodeCp437, decodeUnmarked, decodeUtf8, tidyPath } from './path-text';

/** Bit 11 of an entry's flags: its name is UTF-8 (APPNOTE 4.4.4). */
const UTF8_FLAG = 0x800;
/** Info-ZIP's Unicode Path Extra Field (APPNOTE 4.6.9). */
const UNICODE_PATH = 0x7075;
const UNICODE_PATH_VERSION = 1;
const UNICODE_PATH_AT = 5;
/** Under this method WinZip and 7-Zip put the encrypted bytes of another. */
const AES = 99;
const MADE_BY_UNIX = 3;
const MADE_BY_MACOS = 19;
const FORMAT_MASK = 0xf000;
const FORMAT_DIRECTORY = 0x4000;
const FORMAT_PIPE = 0x1000;
const FORMAT_LINK = 0xa000;
const FORMAT_FILE = 0x8000;

/** The name as people are to see it. */
export function zipPath({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  const unicode = extraFields.find(
    ({ id, data }) =>
      id === UNICODE_PATH &&
      data.length > UNICODE_PATH_AT &&
      data[0] === UNICODE_PATH_VERSION &&
      data.readUInt32LE(1) === crc32(fileNameRaw),
  );
  const stated = unicode && decodeUtf8(unicode.data.subarray(UNICODE_PATH_AT));
  if (stated) return tidyPath(stated);
  const isUtf8 = (generalPurposeBitFlag & UTF8_FLAG) !== 0;
  return tidyPath(
    isUtf8 ? (decodeUtf8(fileNameRaw) ?? decodeCp437(fileNameRaw)) : decodeUnmarked(fileNameRaw),
  );
}

export function zipKind(entry: Entry, path: string): EntryKind {
  const system = entry.versionMadeBy >> 8;
  const isUnix = system === MADE_BY_UNIX || system === MADE_BY_MACOS;
  const format = isUnix ? (entry.externalFileAttributes >>> 16) & FORMAT_MASK : 0;
  if (path.endsWith('/') || format === FORMAT_DIRECTORY) return 'directory';
  if (format === FORMAT_LINK) return 'link';
  // What `zip` was given through a pipe has the mode of the pipe.
  const isPiped = format === FORMAT_PIPE && entry.uncompressedSize > 0;
  if (format !== 0 && format !== FORMAT_FILE && !isPiped) return 'special';
  return entry.isEncrypted() || entry.compressionMethod === AES ? 'encrypted' : 'file';
}
