import { setImmediate as nextTurn } from 'node:timers/promises';
import { measureQuality } from './audio/quality';
import type { Engine } from './channel-analysis';
import { uniformNoise } from './signal/noise';

/** After so many windows the arithmetic is compiled, and its memory has the size that it keeps. */
const ROUNDS = 4;

/** Measures noise as long as a window (the members have answered by now), so that the first clip takes no longer than the others. */
export async function warmUp({ manifest, extractor }: Engine): Promise<void> {
  const samples = uniformNoise(Math.round(manifest.window_sec * manifest.sample_rate));
  for (let round = 0; round < ROUNDS; round++) {
    extractor.extract(samples);
    await nextTurn();
    measureQuality({ samples, clippingRatio: 0 });
  }
}
