import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The input that `oracle.py` describes, and the numbers that it wrote. */
export const RATE_HZ = 22_050;
const LENGTH = 32_768;

export function readOracle<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(__dirname, 'fixtures', `${name}.json`), 'utf8')) as T;
}

/** Uniform in -0.5..0.5, exactly as in `oracle.py`. */
export function noise(count: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** Samples of a 16-bit mono WAV file with a 44-byte header. */
export function readWav(name: string): Float32Array {
  const bytes = readFileSync(path.join(__dirname, '..', 'fixtures', name));
  const start = bytes.indexOf('data') + 8;
  const count = Math.floor((bytes.length - start) / 2);
  return Float32Array.from({ length: count }, (_, i) => bytes.readInt16LE(start + 2 * i) / 32768);
}

export function inputSignal(): Float32Array {
  const added = noise(LENGTH);
  return readWav('real-en-3s.wav')
    .slice(4000, 4000 + LENGTH)
    .map((x, i) => x + 0.002 * added[i]);
}

/** Two seconds of a 130 Hz voice whose periods and amplitudes waver by a known share. */
export function pulseTrain(): Float32Array {
  const wobble = noise(1000);
  const out = new Float32Array(2 * RATE_HZ);
  let place = 100;
  for (let i = 0; place < out.length - 600; i++) {
    const at = Math.floor(place);
    const shift = (place - at) / RATE_HZ;
    for (let n = 0; n < 400; n++) {
      const t = n / RATE_HZ - shift;
      const low = Math.exp(-t * 500) * Math.sin(2 * Math.PI * 600 * t);
      const high = Math.exp(-t * 700) * Math.sin(2 * Math.PI * 1500 * t);
      out[at + 1 + n] += 0.2 * (1 + 0.2 * wobble[2 * i]) * (low + high);
    }
    place += (RATE_HZ / 130) * (1 + 0.04 * wobble[2 * i + 1]);
  }
  const added = noise(out.length);
  return out.map((x, i) => x + 0.0002 * added[i]);
}

/** Greatest distance of two lists, relative to the largest entry of the second. */
export function worstShare(found: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(found[i] - value))) / largest;
}
