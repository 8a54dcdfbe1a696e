import { showsMedia } from './container';

/** Of the longest frame of MPEG layer 3 (320 kbit/s at 32 kHz, padded). A decoder wants two to know it by. */
const LONGEST_FRAME_BYTES = 1441;

/**
 * Whether a file that could not be read begins as audio, so that it is one that breaks off. A tag alone says nothing of
 * what follows it, unless it is the tag that breaks off.
 *
 * @param read reads bytes of the file from a place on
 */
export async function beginsAsAudio(
  opening: Buffer,
  sizeBytes: number,
  read: (place: number, length: number) => Promise<Buffer>,
): Promise<boolean> {
  const tagBytes = id3Bytes(opening);
  if (tagBytes === 0 && (showsMedia(opening) || opening.toString('latin1', 0, 4) === 'RIFF')) return true;
  if (tagBytes > 0 && (sizeBytes < 10 || tagBytes > sizeBytes)) return true;
  const isShort = sizeBytes - tagBytes < 2 * LONGEST_FRAME_BYTES;
  return isShort && isFrameOfLayer3(await read(tagBytes, 3));
}

/** Length of the ID3 tag that stands first (ID3v2.4, 3.1: seven bits a byte); 0 without one. */
function id3Bytes(opening: Buffer): number {
  if (opening.toString('latin1', 0, 3) !== 'ID3') return 0;
  return opening.subarray(6, 10).reduce((sum, byte) => 128 * sum + byte, 0) + 10;
}

/** The header of an MPEG audio frame of layer 3 (ISO 11172-3, 2.4.1.3): of the others a text's first bytes are like. */
function isFrameOfLayer3(bytes: Buffer): boolean {
  if (bytes.length < 3) return false;
  const [sync, kind, rates] = bytes;
  const isKnownVersion = (kind & 0x18) !== 0x08;
  const isLayer3 = (kind & 0x06) === 0x02;
  const [bitRate, sampleRate] = [rates >> 4, (rates >> 2) & 3];
  return (
    sync === 0xff &&
    (kind & 0xe0) === 0xe0 &&
    isKnownVersion &&
    isLayer3 &&
    bitRate > 0 &&
    bitRate < 15 &&
    sampleRate < 3
  );
}
