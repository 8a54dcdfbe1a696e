import { readFileSync } from 'node:fs';

/** The samples of a mono 16-bit WAV, -1..1. */
export function samplesOf(wav: string): Float32Array {
  const bytes = readFileSync(wav);
  const from = bytes.indexOf('data', 12, 'latin1') + 8;
  const samples = new Float32Array((bytes.length - from) >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(from + 2 * i) / 32_768;
  return samples;
}
