import { setImmediate as nextTurn } from 'node:timers/promises';
import { measureQuality } from './audio/quality';
import { speechWindows } from './audio/windows';
import type { Engine } from './channel-analysis';
import { featureRows } from './feature-rows';
import { uniformNoise } from './signal/noise';

/** About what a decoder hands on at a time. */
const BLOCK_SAMPLES = 2048;

/**
 * Cuts and measures noise as long as a window (the members have answered by now), so that the first clip takes no longer
 * than the others: after eight rounds the arithmetic is compiled, and its memory has the size that it keeps.
 */
export async function warmUp({ manifest, extractor }: Engine, rounds: number): Promise<void> {
  const { sample_rate: rateHz, window_sec: windowSec, hop_sec: hopSec } = manifest;
  const speeds = [1, ...(manifest.ensembles[manifest.default_ensemble].augmentation?.speeds ?? [])];
  const noise = uniformNoise(Math.round(windowSec * rateHz));
  for (let round = 0; round < rounds; round++) {
    for await (const window of speechWindows(blocksOf(noise), { rateHz, windowSec, hopSec })) {
      await featureRows(extractor, window.samples, [speeds[round % speeds.length]]);
      await nextTurn();
      measureQuality(window);
    }
  }
}

async function* blocksOf(samples: Float32Array): AsyncGenerator<Float32Array> {
  for (let from = 0; from < samples.length; from += BLOCK_SAMPLES)
    yield samples.subarray(from, from + BLOCK_SAMPLES);
}
