import { quantileOfSorted } from '../signal/statistics';
import type { WindowAnalysis } from './analysis';

/**
 * Statistics over the speech frames of series with one value a frame. `series` holds `rows` series of
 * `stride` values each, row major. Slopes and curvatures are local least-squares fits of a parabola
 * over five frames (Savitzky & Golay 1964), read only where all five frames are speech.
 */
export interface Series {
  readonly values: Float32Array;
  readonly stride: number;
}

/** Room for `rows` series; grows with the longest window seen and is reused. */
export function createSeries(rows: number): (frameCount: number) => Series {
  let series: Series = { values: new Float32Array(0), stride: 0 };
  return (frameCount) => {
    if (series.stride < frameCount) {
      series = { values: new Float32Array(rows * frameCount), stride: frameCount };
    }
    return series;
  };
}

export function activeMean(analysis: WindowAnalysis, series: Series, row: number): number {
  const base = row * series.stride;
  let sum = 0;
  for (let i = 0; i < analysis.activeCount; i++) sum += series.values[base + analysis.activeFrames[i]];
  return analysis.activeCount > 0 ? sum / analysis.activeCount : 0;
}

export function activeDeviation(analysis: WindowAnalysis, series: Series, row: number): number {
  const base = row * series.stride;
  const centre = activeMean(analysis, series, row);
  let sum = 0;
  for (let i = 0; i < analysis.activeCount; i++) {
    const d = series.values[base + analysis.activeFrames[i]] - centre;
    sum += d * d;
  }
  return analysis.activeCount > 0 ? Math.sqrt(sum / analysis.activeCount) : 0;
}

/** Slope in units a frame: sum of n x[n] / 10 for n = -2..2. */
export function slopeAt(values: Float32Array, i: number): number {
  return (2 * (values[i + 2] - values[i - 2]) + values[i + 1] - values[i - 1]) / 10;
}

/** Second derivative in units a frame squared. */
export function curvatureAt(values: Float32Array, i: number): number {
  return (2 * (values[i + 2] + values[i - 2]) - values[i + 1] - values[i - 1] - 2 * values[i]) / 7;
}

type Local = (values: Float32Array, i: number) => number;

function steadyDeviation(analysis: WindowAnalysis, series: Series, row: number, local: Local): number {
  const base = row * series.stride;
  const count = analysis.steadyCount;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const d = local(series.values, base + analysis.steadyFrames[i]);
    sum += d;
    squares += d * d;
  }
  return count > 0 ? Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) : 0;
}

export function slopeDeviation(analysis: WindowAnalysis, series: Series, row: number): number {
  return steadyDeviation(analysis, series, row, slopeAt);
}

export function curvatureDeviation(analysis: WindowAnalysis, series: Series, row: number): number {
  return steadyDeviation(analysis, series, row, curvatureAt);
}

let scratch = new Float32Array(0);

/** The speech frames' values of one series, ascending, in scratch space valid until the next call. */
export function sortedActive(analysis: WindowAnalysis, series: Series, row: number): Float32Array {
  if (scratch.length < analysis.activeCount) scratch = new Float32Array(analysis.activeCount);
  const base = row * series.stride;
  for (let i = 0; i < analysis.activeCount; i++) scratch[i] = series.values[base + analysis.activeFrames[i]];
  return scratch.subarray(0, analysis.activeCount).sort();
}

/** 90th less 10th percentile of the slope: its dispersion without its outliers. */
export function slopeRange(analysis: WindowAnalysis, series: Series, row: number): number {
  const count = analysis.steadyCount;
  if (scratch.length < count) scratch = new Float32Array(count);
  const base = row * series.stride;
  for (let i = 0; i < count; i++) scratch[i] = slopeAt(series.values, base + analysis.steadyFrames[i]);
  const sorted = scratch.subarray(0, count).sort();
  return quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.1);
}
