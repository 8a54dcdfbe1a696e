import type { Manifest, Pooling } from '@bonafide/contracts';
import { mean } from '../signal/statistics';

/**
 * Quantile of weighted values: each value sits at the middle of its share of the total weight, straight
 * lines between, ends held (Hyndman and Fan 1996, type 5, with weights). `numpy.interp(q, (cumsum(w) - w/2)
 * / sum(w), x)` over sorted x is the same.
 */
export function weightedQuantile(
  values: readonly number[],
  weights: readonly number[],
  quantile: number,
): number {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  let previous: { at: number; value: number } | undefined;
  for (const index of order) {
    const at = (before + weights[index] / 2) / total;
    before += weights[index];
    if (quantile <= at) {
      if (!previous || at === previous.at) return values[index];
      const share = (quantile - previous.at) / (at - previous.at);
      return previous.value + share * (values[index] - previous.value);
    }
    previous = { at, value: values[index] };
  }
  return previous?.value ?? NaN;
}

export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}

/** From window logits to the clip's, before its calibration: mean + upper_weight * (upper quantile - mean). */
export function poolLogits(logits: readonly number[], weights: readonly number[], pooling: Pooling): number {
  const middle = weightedMean(logits, weights);
  if (pooling.upper_weight === 0) return middle;
  const upper = weightedQuantile(logits, weights, pooling.upper_quantile);
  return middle + pooling.upper_weight * (upper - middle);
}

/**
 * How many independent windows those of one recording are worth: n / (1 + (n - 1) * correlation) (the design effect,
 * Kish 1965), where n is its speech in whole windows, at least one; neighbours count by what is new in them.
 *
 * @param speech shares of speech, 0..1, of the windows in which somebody speaks
 */
export function effectiveWindows(
  speech: readonly number[],
  { correlation }: Pooling,
  { window_sec, hop_sec }: Pick<Manifest, 'window_sec' | 'hop_sec'>,
): number {
  if (speech.length === 0) return 1;
  const covered = 1 + ((speech.length - 1) * hop_sec) / window_sec;
  const spoken = Math.max(1, covered * mean(speech));
  return spoken / (1 + (spoken - 1) * correlation);
}
