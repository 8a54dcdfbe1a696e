import { quantileOfSorted } from '../signal/statistics';

/** Frames of 25 ms, on which speech is told from silence. */
export const LEVEL_FRAME_SAMPLES = 551;
/** A frame is speech within this distance of the 95th percentile of frame levels. */
export const SPEECH_RANGE_DB = 35;
const REFERENCE_SHARE = 0.95;
const NOTHING_DB = -200;

/** Mean-square level in dBFS of samples from..to-1. */
export function levelDbfs(samples: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += samples[i] * samples[i];
  return sum > 0 ? 10 * Math.log10(sum / (to - from)) : NOTHING_DB;
}

/** A quarter of a second of sound is enough to be measured against; frames far below it do not count. */
const LEAST_SOUND_FRAMES = 10;
const COUNTED_RANGE_DB = 50;

/**
 * Level that speech is measured against: the 95th percentile of the frames within 50 dB of the tenth
 * loudest, so that a few words in a long silence are still found.
 */
export function referenceDbfs(levelsDb: readonly number[]): number {
  const sorted = Float64Array.from(levelsDb).sort();
  const leastDb = sorted[Math.max(0, sorted.length - LEAST_SOUND_FRAMES)] - COUNTED_RANGE_DB;
  return quantileOfSorted(sorted.subarray(sorted.findIndex((level) => level >= leastDb)), REFERENCE_SHARE);
}

/** Second-order Butterworth high-pass at 20 Hz: takes away the offset and rumble that give recorders away. */
export function createHighPass(rateHz: number): (samples: Float32Array) => Float32Array {
  const w = Math.tan((Math.PI * 20) / rateHz);
  const norm = 1 / (1 + Math.SQRT2 * w + w * w);
  const a1 = 2 * (w * w - 1) * norm;
  const a2 = (1 - Math.SQRT2 * w + w * w) * norm;
  const state = new Float64Array(2);
  return (samples) => {
    const out = new Float32Array(samples.length);
    // Plain locals: a captured number, and one out of a pattern, would be allocated anew at each sample.
    let z1 = state[0];
    let z2 = state[1];
    for (let i = 0; i < samples.length; i++) {
      const x = samples[i] * norm;
      const y = x + z1;
      z1 = -2 * x - a1 * y + z2;
      z2 = x - a2 * y;
      out[i] = y;
    }
    state.set([z1, z2]);
    return out;
  };
}

/** What is left of a stretch of samples, and how many were cut off before it. */
export type Levelled = { samples: Float32Array; skipped: number };

/** Cuts silence off both ends of `samples` and brings its speech to `targetDbfs`; empty where all is silent. */
export function trimAndLevel(samples: Float32Array, targetDbfs: number): Levelled {
  const frameCount = Math.max(1, Math.floor(samples.length / LEVEL_FRAME_SAMPLES));
  const endOf = (f: number): number =>
    f === frameCount - 1 ? samples.length : (f + 1) * LEVEL_FRAME_SAMPLES;
  const levels = Array.from({ length: frameCount }, (_, f) =>
    levelDbfs(samples, f * LEVEL_FRAME_SAMPLES, endOf(f)),
  );
  const threshold = referenceDbfs(levels) - SPEECH_RANGE_DB;
  let [first, last, power, count] = [-1, -1, 0, 0];
  levels.forEach((level, f) => {
    if (level <= threshold || level <= NOTHING_DB) return;
    if (first < 0) first = f;
    last = f;
    power += 10 ** (level / 10);
    count++;
  });
  if (count === 0) return { samples: new Float32Array(0), skipped: 0 };
  const gain = 10 ** (targetDbfs / 20) / Math.sqrt(power / count);
  const skipped = first * LEVEL_FRAME_SAMPLES;
  const levelled = samples.slice(skipped, endOf(last));
  for (let i = 0; i < levelled.length; i++) levelled[i] *= gain;
  return { samples: levelled, skipped };
}
