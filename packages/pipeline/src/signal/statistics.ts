/** Statistics of series of numbers. Every function answers a finite number for an empty input (0). */

export function mean(values: ArrayLike<number>, count = values.length): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i];
  return count > 0 ? sum / count : 0;
}

/** Population standard deviation. */
export function deviation(values: ArrayLike<number>, count = values.length): number {
  const centre = mean(values, count);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (values[i] - centre) ** 2;
  return count > 0 ? Math.sqrt(sum / count) : 0;
}

/** Linear interpolation between order statistics; `sorted` ascending, `share` 0..1. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number, count = sorted.length): number {
  if (count === 0) return 0;
  const place = share * (count - 1);
  const low = Math.floor(place);
  const high = Math.min(count - 1, low + 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}

export function quantile(values: Float32Array | Float64Array | readonly number[], share: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), share);
}

/** Third standardised moment; 0 for a constant series. */
export function skewness(values: ArrayLike<number>, count = values.length): number {
  const { second, third } = centralMoments(values, count);
  return second > 0 ? third / second ** 1.5 : 0;
}

/** Fourth standardised moment less 3; 0 for a constant series. */
export function excessKurtosis(values: ArrayLike<number>, count = values.length): number {
  const { second, fourth } = centralMoments(values, count);
  return second > 0 ? fourth / (second * second) - 3 : 0;
}

export interface Moments {
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
}

export function centralMoments(values: ArrayLike<number>, count: number): Moments {
  const centre = mean(values, count);
  let [second, third, fourth] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const d = values[i] - centre;
    const dd = d * d;
    second += dd;
    third += dd * d;
    fourth += dd * dd;
  }
  const n = Math.max(1, count);
  return { second: second / n, third: third / n, fourth: fourth / n };
}

/** Pearson's correlation of two series of `count` numbers, -1..1; 0 where one is constant. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>, count = a.length): number {
  const meanA = mean(a, count);
  const meanB = mean(b, count);
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const x = a[i] - meanA;
    const y = b[i] - meanB;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
