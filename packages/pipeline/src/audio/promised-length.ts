import { wavChunks } from './wav-stream';

/** Less than this may be a rounded header, the priming of a codec or a last frame that was not filled. */
const LEAST_MISSING_SEC = 0.5;
const LEAST_MISSING_SHARE = 0.02;
/** What writes to a pipe cannot know its length and states the most there is, or about half of it. */
const LEAST_UNKNOWN_BYTES = 0x7fff_0000;
/** Notes of recorders and editors may stand before the samples. */
export const WAV_HEAD_BYTES = 64 * 1024;

/** Whether a file holds clearly less sound than it states. */
export function isCutShort(promisedSec: number, decodedSec: number): boolean {
  return promisedSec - decodedSec > Math.max(LEAST_MISSING_SEC, LEAST_MISSING_SHARE * promisedSec);
}

/**
 * The length that a WAV file states whose samples are not all there; undefined of any other. ffmpeg goes by the size
 * of the file then, and says nothing.
 *
 * @param head the file's first bytes
 */
export function promisedByWav(head: Buffer, fileBytes: number): number | undefined {
  let bytesPerSec = 0;
  for (const { id, place, size } of wavChunks(head)) {
    if (id === 'fmt ' && place + 20 <= head.length) bytesPerSec = head.readUInt32LE(place + 16);
    if (id !== 'data') continue;
    const isMissing = place + 8 + size > fileBytes && size < LEAST_UNKNOWN_BYTES;
    return isMissing && bytesPerSec > 0 ? size / bytesPerSec : undefined;
  }
  return undefined;
}

/** Of fewer there is nothing to be heard, whatever they hold. */
const LEAST_SOUND_BYTES = 1024;

/** Whether all the samples that a WAV file states are there: what cannot be decoded then is not for its being cut. */
export function holdsWholeWav(head: Buffer, fileBytes: number): boolean {
  if (head.toString('latin1', 0, 4) !== 'RIFF') return false;
  for (const { id, place, size } of wavChunks(head)) {
    if (id === 'data') return size >= LEAST_SOUND_BYTES && place + 8 + size <= fileBytes;
  }
  return false;
}
