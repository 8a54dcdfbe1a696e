import { open } from 'node:fs/promises';

/** Less than this may be a rounded header, the priming of a codec or a last frame that was not filled. */
const LEAST_MISSING_SEC = 0.5;
const LEAST_MISSING_SHARE = 0.02;
/** What writes to a pipe cannot know its length and states the most there is, or about half of it. */
const LEAST_UNKNOWN_BYTES = 0x7fff_0000;
const MOST_CHUNKS = 64;

/** Whether a file holds clearly less sound than it states. */
export function isCutShort(promisedSec: number, decodedSec: number): boolean {
  return promisedSec - decodedSec > Math.max(LEAST_MISSING_SEC, LEAST_MISSING_SHARE * promisedSec);
}

/**
 * The length that a WAV file states whose samples are not all there; undefined of any other. ffmpeg goes by the size
 * of the file then, and says nothing.
 */
export async function promisedByWav(path: string): Promise<number | undefined> {
  const file = await open(path);
  try {
    const { size: fileBytes } = await file.stat();
    const chunk = Buffer.alloc(24);
    let bytesPerSec = 0;
    for (let at = 12, seen = 0; at + 8 <= fileBytes && seen < MOST_CHUNKS; seen++) {
      await file.read(chunk, 0, chunk.length, at);
      const id = chunk.toString('latin1', 0, 4);
      const bytes = chunk.readUInt32LE(4);
      if (id === 'fmt ') bytesPerSec = chunk.readUInt32LE(16);
      if (id === 'data') {
        const isMissing = at + 8 + bytes > fileBytes && bytes < LEAST_UNKNOWN_BYTES;
        return isMissing && bytesPerSec > 0 ? bytes / bytesPerSec : undefined;
      }
      at += 8 + bytes + (bytes % 2);
    }
    return undefined;
  } finally {
    await file.close();
  }
}
