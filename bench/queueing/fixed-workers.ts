import { quantile } from '../statistics';
import { createRandom } from '../../tests/system';
import { exponential } from './exponential';

const CLIPS = 200_000;
const WARM_UP = 20_000;
/** Of the service times, deviation over mean: lengths of clips differ. */
const VARIATION = 0.7;

export type FixedWorkers = { workers: number; load: number; serviceSec: number; seed: number };
export type Waits = { medianSec: number; p99Sec: number };

/**
 * Clips that come in at random to a fixed number of workers, first come first served (M/G/c). Service times are
 * gamma-like: an unavoidable part and an exponential one.
 */
export function simulateFixed({ workers, load, serviceSec, seed }: FixedWorkers): Waits {
  const random = createRandom(seed);
  const meanGapSec = serviceSec / (workers * load);
  const freeAt = new Float64Array(workers);
  const waits: number[] = [];
  let now = 0;
  for (let clip = 0; clip < CLIPS; clip++) {
    now += exponential(random, meanGapSec);
    const worker = earliest(freeAt);
    const begins = Math.max(now, freeAt[worker]);
    const takes = (1 - VARIATION) * serviceSec + exponential(random, VARIATION * serviceSec);
    freeAt[worker] = begins + takes;
    if (clip >= WARM_UP) waits.push(begins - now);
  }
  return { medianSec: quantile(waits, 0.5), p99Sec: quantile(waits, 0.99) };
}

function earliest(freeAt: Float64Array): number {
  let first = 0;
  for (let worker = 1; worker < freeAt.length; worker++) if (freeAt[worker] < freeAt[first]) first = worker;
  return first;
}
