import { resample } from '../signal/resample';

const PARTS = 1000;

/** The sound `speed` times as fast (to a thousandth), its pitch moved with it, of ceil(n / speed) samples. */
export function atSpeed(samples: Float32Array, speed: number): Float32Array {
  return resample(samples, Math.round(speed * PARTS), PARTS);
}
