import { open } from 'node:fs/promises';

const HEADER_BYTES = 16;
/** A file has a handful; fragments come after the index. */
const MOST_BOXES = 64;

/**
 * Whether an MP4 family file breaks off within its index (`moov`), where the tracks are told: ISO/IEC 14496-12, 4.2.
 * ffmpeg then finds a file without tracks.
 */
export async function endsWithinItsIndex(path: string, sizeBytes: number): Promise<boolean> {
  const file = await open(path);
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    let place = 0;
    for (let n = 0; n < MOST_BOXES && place + 8 <= sizeBytes; n++) {
      await file.read(header, 0, HEADER_BYTES, place);
      const short = header.readUInt32BE(0);
      const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short;
      if (header.toString('latin1', 4, 8) === 'moov') return place + size > sizeBytes;
      if (size < 8) return false;
      place += size;
    }
    return false;
  } finally {
    await file.close();
  }
}
