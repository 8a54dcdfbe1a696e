import { opensAsArchive } from '@bonafide/contracts';
import { isNamedAsSound, showsMedia } from '@bonafide/pipeline';
import type { ArchiveEntry, EntryKind, Skip } from './archive-entry';

const MAX_PATH_BYTES = 4_096;
/** What other systems leave in archives beside what was meant to be in them. */
const SYSTEM_FILES = new Set(['__macosx', 'thumbs.db', 'desktop.ini', '$recycle.bin']);
const ARCHIVE_ENDING = /\.(zip|tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst|lz4|7z|rar|jar|iso|cab)$/i;
/** Marks of archives that we do not read ourselves. */
const ARCHIVE_SIGNS = ['7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07', 'BZh', '\xfd7zXZ\x00'];

const BY_KIND: Readonly<Record<Exclude<EntryKind, 'file'>, Skip>> = {
  directory: { reason: 'directory' },
  link: { reason: 'link' },
  special: { reason: 'special_file' },
  sparse: { reason: 'sparse_file', detail: 'is stored without its holes' },
  encrypted: { reason: 'encrypted' },
  overlapping: { reason: 'overlapping', detail: 'shares its bytes with another entry' },
  unreadable: { reason: 'unsupported_compression' },
};

/** Whether an entry is to be left out for what it is and what it is called; null where its content decides. */
export function skipByName({ path, rawPath, kind, detail }: ArchiveEntry): Skip | null {
  if (isUnsafe(path) || rawPath.length > MAX_PATH_BYTES) return { reason: 'unsafe_path' };
  if (kind !== 'file') return { ...BY_KIND[kind], ...(detail !== undefined && { detail }) };
  const parts = path.split('/');
  const isHidden = (part: string) => /^\.+[^.]/.test(part) || SYSTEM_FILES.has(part.toLowerCase());
  if (parts.some(isHidden)) return { reason: 'hidden' };
  return ARCHIVE_ENDING.test(path) ? { reason: 'nested_archive' } : null;
}

/** Nothing is ever written to these paths; who lists such ones means harm to those who do. */
function isUnsafe(path: string): boolean {
  return /^([a-z]:|\/)/i.test(path) || path.split('/').includes('..') || path.includes('\0') || path === '';
}

/** Whether an entry is to be left out for its opening bytes. What only may be audio is left to the analysis. */
export function skipByContent(path: string, opening: Buffer): Skip | null {
  if (opening.length === 0) return { reason: 'empty' };
  const text = opening.toString('latin1', 0, 16);
  const isArchive = opensAsArchive(opening) || ARCHIVE_SIGNS.some((sign) => text.startsWith(sign));
  if (isArchive) return { reason: 'nested_archive' };
  const mayBeAudio = showsMedia(opening) || isNamedAsSound(path) || opensWithFrame(opening);
  return mayBeAudio ? null : { reason: 'not_audio' };
}

/** The sync word of an MPEG audio or ADTS frame, or of a transport stream's first packet. */
function opensWithFrame(opening: Buffer): boolean {
  if (opening[0] === 0x47 && opening[1] === 0x40) return true;
  return opening.length > 1 && opening[0] === 0xff && (opening[1] & 0xe0) === 0xe0 && opening[1] !== 0xff;
}
