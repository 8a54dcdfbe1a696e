/** Takes the header off a WAV byte stream. Sizes in it mean nothing: the writer could not seek back. */
export interface WavHeader {
  readonly channelCount: number;
  /** Bytes before the first sample. */
  readonly byteLength: number;
}

export interface WavChunk {
  readonly id: string;
  /** Of its identifier, in bytes from the start of the file. */
  readonly place: number;
  /** Bytes of content behind identifier and size, as stated. */
  readonly size: number;
}

/** The chunks whose beginnings lie within `bytes`, the start of a WAV file. */
export function* wavChunks(bytes: Buffer): Generator<WavChunk> {
  for (let place = 12; place + 8 <= bytes.length;) {
    const size = bytes.readUInt32LE(place + 4);
    yield { id: bytes.toString('latin1', place, place + 4), place, size };
    place += 8 + size + (size % 2);
  }
}

/** The header at the start of `bytes`, or undefined while its data chunk has not come. */
export function readWavHeader(bytes: Buffer): WavHeader | undefined {
  let channelCount = 0;
  for (const { id, place } of wavChunks(bytes)) {
    if (id === 'data') return { channelCount, byteLength: place + 8 };
    if (id === 'fmt ' && place + 12 <= bytes.length) channelCount = bytes.readUInt16LE(place + 10);
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
