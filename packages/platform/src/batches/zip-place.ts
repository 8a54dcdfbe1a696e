/** Records at the end of a zip (APPNOTE 4.3.12 to 4.3.16); places in them are bytes. */
const DIRECTORY_SIGN = 0x02014b50;
const END_SIGN = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_SIGN = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGN = 0x06064b50;
const END64_BYTES = 56;
const MAX_COMMENT_BYTES = 0xffff;

/** As much of the end of a file as tells whether it is a zip and where in the file the zip lies. */
export const ZIP_TAIL_BYTES = END64_BYTES + LOCATOR_BYTES + END_BYTES + MAX_COMMENT_BYTES;

/** A zip in a file: from `start` up to but without `end`, where its comment begins; its directory at `directory`. */
export type ZipPlace = { start: number; directory: number; end: number };

/**
 * Where in a file the zip lies. Other bytes may stand before it, as in archives that unpack themselves, and behind
 * it; places in it are counted from its own beginning or from the file's. Its directory ends where the records
 * begin: as far as it lies behind the place stated for it, so long is what stands before the zip.
 * A comment may hold what looks like an end: the one that counts has a directory, and reaches the end of the file.
 * @param tail the last bytes of the file, ZIP_TAIL_BYTES of them if it has so many
 */
export function findZip(tail: Buffer, fileBytes: number): ZipPlace | null {
  const ends = [...endsIn(tail, fileBytes - tail.length)];
  const credible = ends.filter(({ hasDirectory }) => hasDirectory);
  const { place = null } = credible.find(({ isLast }) => isLast) ?? credible[0] ?? ends[0] ?? {};
  return place;
}

type End = { place: ZipPlace; isLast: boolean; hasDirectory: boolean };

/** The last one first. */
function* endsIn(tail: Buffer, tailAt: number): Generator<End> {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_SIGN) continue;
    const commentAt = at + END_BYTES;
    const commentEnd = commentAt + tail.readUInt16LE(at + 20);
    const { recordsAt, bytes, offset } = readEnd(tail, at);
    const directory = tailAt + recordsAt - bytes;
    if (commentEnd > tail.length || directory < offset) continue;
    yield {
      place: { start: directory - offset, directory, end: tailAt + commentAt },
      isLast: commentEnd === tail.length,
      hasDirectory: bytes > 0 && mayBeDirectory(tail, directory - tailAt),
    };
  }
}

/** One that begins before what is at hand is believed. */
function mayBeDirectory(tail: Buffer, at: number): boolean {
  return at < 0 || tail.readUInt32LE(at) === DIRECTORY_SIGN;
}

/** What the end states of the directory, in 64 bits where it has them. */
function readEnd(tail: Buffer, at: number) {
  const locator = at - LOCATOR_BYTES;
  const end64 = locator - END64_BYTES;
  const isLong =
    end64 >= 0 && tail.readUInt32LE(locator) === LOCATOR_SIGN && tail.readUInt32LE(end64) === END64_SIGN;
  if (!isLong) {
    return { recordsAt: at, bytes: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
  }
  const [bytes, offset] = [40, 48].map((place) => Number(tail.readBigUInt64LE(end64 + place)));
  return { recordsAt: end64, bytes, offset };
}
