/** The value below which a share of the values lies, by the nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export type Spread = { count: number; median_ms: number; p95_ms: number; p99_ms: number };

export const spreadOf = (timesMs: readonly number[]): Spread => ({
  count: timesMs.length,
  median_ms: median(timesMs),
  p95_ms: quantile(timesMs, 0.95),
  p99_ms: quantile(timesMs, 0.99),
});

/** Slope of the straight line through the origin that lies nearest to the points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const products = points.reduce((sum, [x, y]) => sum + x * y, 0);
  return products / points.reduce((sum, [x]) => sum + x * x, 0);
}
