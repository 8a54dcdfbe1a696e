/** Takes the header off a WAV byte stream. Sizes in it mean nothing: the writer could not seek back. */
export interface WavHeader {
  readonly channelCount: number;
  /** Bytes before the first sample. */
  readonly byteLength: number;
}

/** The header at the start of `bytes`, or undefined while its data chunk has not come. */
export function readWavHeader(bytes: Buffer): WavHeader | undefined {
  let channelCount = 0;
  let place = 12;
  while (place + 8 <= bytes.length) {
    const id = bytes.toString('latin1', place, place + 4);
    if (id === 'data') return { channelCount, byteLength: place + 8 };
    if (id === 'fmt ' && place + 12 <= bytes.length) channelCount = bytes.readUInt16LE(place + 10);
    const size = bytes.readUInt32LE(place + 4);
    place += 8 + size + (size % 2);
  }
  return undefined;
}

/** Splits interleaved little-endian float samples into one array a channel; NaN and infinities become 0. */
export function splitChannels(bytes: Buffer, channelCount: number): Float32Array[] {
  const frameCount = Math.floor(bytes.length / 4 / channelCount);
  const aligned = new Float32Array(frameCount * channelCount);
  Buffer.from(aligned.buffer).set(bytes.subarray(0, aligned.byteLength));
  const channels = Array.from({ length: channelCount }, () => new Float32Array(frameCount));
  for (let c = 0; c < channelCount; c++) {
    const channel = channels[c];
    for (let i = 0, j = c; i < frameCount; i++, j += channelCount) {
      const value = aligned[j];
      channel[i] = Number.isFinite(value) ? value : 0;
    }
  }
  return channels;
}
