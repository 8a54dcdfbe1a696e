import type { ArchiveKind } from './batches';

/** How much of a file tells which archive it is: the first header of a tar. */
export const ARCHIVE_OPENING_BYTES = 512;

const MARK_BYTES = 4;
const ZIP = ['PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'];
const GZIP = '\x1f\x8b\x08';
const ZSTD = '\x28\xb5\x2f\xfd';
/** Frames that a decompressor skips (RFC 8878, 3.1.2) begin with 0x184D2A50 to 0x184D2A5F, low byte first. */
const ZSTD_SKIPPABLE = /^[\x50-\x5f]\x2a\x4d\x18/;
const CHECKSUM_AT = 148;
const CHECKSUM_END = 156;

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Which archive opens with these bytes; null for none that can be read. The name of a file tells nothing. */
export function archiveKindOf(opening: Uint8Array): ArchiveKind | null {
  const text = latin1(opening.subarray(0, MARK_BYTES));
  if (ZIP.some((sign) => text.startsWith(sign))) return 'zip';
  if (text.startsWith(GZIP)) return 'tar.gz';
  if (text.startsWith(ZSTD) || ZSTD_SKIPPABLE.test(text)) return 'tar.zst';
  return isTarHeader(opening) ? 'tar' : null;
}

/** Whether a file of any name is an archive: what is all zeros would be an empty tar, and is silence more likely. */
export function opensAsArchive(opening: Uint8Array): boolean {
  const header = opening.subarray(0, ARCHIVE_OPENING_BYTES);
  return archiveKindOf(header) !== null && header.some((byte) => byte !== 0);
}

/** Any tar, also one older than the mark `ustar`: its header adds up. An empty one is all zeros. */
export function isTarHeader(opening: Uint8Array): boolean {
  if (opening.length < ARCHIVE_OPENING_BYTES) return false;
  const stated = parseInt(latin1(opening.subarray(CHECKSUM_AT, CHECKSUM_END)), 8);
  let sum = 0;
  for (let at = 0; at < ARCHIVE_OPENING_BYTES; at++) {
    sum += at >= CHECKSUM_AT && at < CHECKSUM_END ? 0x20 : opening[at];
  }
  const blank = 0x20 * (CHECKSUM_END - CHECKSUM_AT);
  return sum === stated || sum === blank;
}
