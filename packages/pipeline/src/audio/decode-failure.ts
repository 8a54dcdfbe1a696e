import { MediaError, type ErrorCode } from '@bonafide/contracts';
import { classifyFailure, isChanceFind, readSourceFacts, type SourceFacts } from './decode-report';
import { readOpening, readPart, sizeOf } from './file-parts';
import { endsWithinItsIndex } from './mp4-index';
import { beginsAsAudio } from './opening';
import { holdsWholeWav, WAV_HEAD_BYTES } from './promised-length';

/** Below this not even the second formant of a voice is there: no speech to judge, however long it lasts. */
const LEAST_RATE_HZ = 4000;
const ENCRYPTED_BOXES = ['enca', 'encv', 'drms', 'pssh'];
const SCANNED_BYTES = 1024 * 1024;

export const isBelowSpeech = ({ sampleRateHz }: SourceFacts): boolean =>
  sampleRateHz > 0 && sampleRateHz < LEAST_RATE_HZ;

/** Whether what came out is no recording: frames found by chance in a file that does not begin with one. */
export async function isNoise(path: string, opening: Buffer, said: string): Promise<boolean> {
  return isChanceFind(said) && !(await beginsWithSound(path, opening));
}

const beginsWithSound = async (path: string, opening: Buffer): Promise<boolean> =>
  beginsAsAudio(opening, await sizeOf(path), (place, length) => readPart(path, place, length));

/** Why no sound came out, by what ffmpeg said and by the file's own bytes. */
export async function failureOf(path: string, opening: Buffer, said: string): Promise<MediaError> {
  if (isBelowSpeech(readSourceFacts(said))) return new MediaError('sample_rate_too_low');
  const sizeBytes = await sizeOf(path);
  const code: ErrorCode = classifyFailure(said);
  const isBoxed = said.includes('Input #0, mov') || code === 'truncated_audio';
  if (isBoxed && (await looksEncrypted(path, sizeBytes))) return new MediaError('encrypted_media');
  if (holdsWholeWav(await readOpening(path, WAV_HEAD_BYTES), sizeBytes))
    return new MediaError('decode_failed');
  // ffmpeg calls a file that ends within its header invalid: the opening mark tells that it began as audio.
  if (code === 'not_audio' && (await beginsWithSound(path, opening)))
    return new MediaError('truncated_audio');
  if (code === 'no_audio_track' && (await endsWithinItsIndex(path, sizeBytes)))
    return new MediaError('truncated_audio');
  return new MediaError(code);
}

/** Whether an MP4 family file names protected tracks: ffmpeg then decodes noise or nothing. */
async function looksEncrypted(path: string, sizeBytes: number): Promise<boolean> {
  const length = Math.min(SCANNED_BYTES, sizeBytes);
  for (const place of [0, sizeBytes - length]) {
    const part = await readPart(path, place, length);
    if (ENCRYPTED_BOXES.some((box) => part.includes(box, 0, 'latin1'))) return true;
  }
  return false;
}
