import { createFftPlan } from '../signal/fft-plan';
import { quantileOfSorted } from '../signal/statistics';
import { hannWindow } from '../signal/taper';
import type { Workspace } from '../signal/workspace';
import { referencePower, type WindowAnalysis } from './analysis';
import { mirroredBin } from './bandwidth';
import {
  ACTIVE_RANGE_DB,
  ANALYSIS_RATE_HZ,
  BIN_COUNT,
  BIN_HZ,
  FLOOR_DB,
  frameCountOf,
  TOP_HZ,
} from './frame-grid';
import { perWorkspace } from './per-workspace';

/** The long-term spectrum at 10.8 Hz, too fine for the frames that the other families share. */
const FRAME = 2048;
const HOP = 1024;
export const FINE_BIN_HZ = ANALYSIS_RATE_HZ / FRAME;
export const FINE_BIN_COUNT = Math.floor(TOP_HZ / FINE_BIN_HZ) + 1;
const DB_PER_NEPER = 10 / Math.LN10;
/** Of natural logarithms: below, a bin stands still at the floor and has no skewness. */
const LEAST_VARIANCE = 1e-6;
/** Bins on either side that the median is taken over: 205 Hz in all, more than one overtone of most voices. */
const MEDIAN_REACH = 9;
/** A line of mains hum counts as no more than this. */
export const CLAMP_DB = 6;

export interface FineSpectrum {
  /** Mean over speech frames, dB, a number a bin. */
  readonly level: Float64Array;
  /** Deviation over speech frames, dB. */
  readonly change: Float64Array;
  /** Skewness over speech frames of the dB. */
  readonly skewness: Float64Array;
}

/** Creates the function that measures level, change and skewness of each of the bins up to TOP_HZ. */
export function createFineSpectrum(): (analysis: WindowAnalysis) => FineSpectrum {
  const roomOf = perWorkspace(({ workspace, samples }) => {
    const frames = frameCountOf(samples.length, FRAME, HOP);
    const row = (): Float64Array => workspace.float64(FINE_BIN_COUNT);
    return {
      plan: createFftPlan(workspace, hannWindow(FRAME)),
      power: workspace.float32(frames * FINE_BIN_COUNT),
      sums: workspace.float64(frames + 1),
      spectrum: { level: row(), change: row(), skewness: row() },
    };
  });
  return (analysis) => {
    const { workspace, samples, sampleCount } = analysis;
    const { plan, power, sums, spectrum } = roomOf(analysis);
    const frames = frameCountOf(sampleCount, FRAME, HOP);
    const { half, tables, scratch } = plan;
    workspace.kernels.spectra(
      ...[samples.byteOffset, frames, HOP, half, FINE_BIN_COUNT, tables.byteOffset, scratch.byteOffset],
      ...[0, 0, power.byteOffset, sums.byteOffset],
    );
    const reference = referencePower(sums, frames, FINE_BIN_COUNT);
    const cells = frames * FINE_BIN_COUNT;
    workspace.kernels.scaleAbove(
      power.byteOffset,
      cells,
      reference > 0 ? 1 / reference : 0,
      10 ** (-FLOOR_DB / 10),
    );
    workspace.kernels.logarithms(power.byteOffset, cells, power.byteOffset);
    const least = reference * FINE_BIN_COUNT * 10 ** (-ACTIVE_RANGE_DB / 10);
    const active = Array.from({ length: frames }, (_, t) => t).filter((t) => sums[t] > least);
    sumPowers(power, active, spectrum, workspace);
    fillMoments(spectrum, Math.max(1, active.length));
    for (const row of Object.values(spectrum)) fillAbove(analysis.bandwidthBin, row);
    return spectrum;
  };
}

/** Sums of each bin's natural logarithms over the rows of these frames, of their squares and of their cubes. */
function sumPowers(
  logs: Float32Array,
  frames: readonly number[],
  { level, change, skewness }: FineSpectrum,
  { kernels }: Workspace,
): void {
  for (const row of [level, change, skewness]) row.fill(0);
  for (const t of frames) {
    const row = logs.byteOffset + 4 * t * FINE_BIN_COUNT;
    kernels.addPowers(row, FINE_BIN_COUNT, level.byteOffset, change.byteOffset, skewness.byteOffset);
  }
}

/** Turns sums over `n` frames into moments, in place. */
function fillMoments({ level, change, skewness }: FineSpectrum, n: number): void {
  for (let k = 0; k < FINE_BIN_COUNT; k++) {
    const mean = level[k] / n;
    const square = change[k] / n;
    const variance = Math.max(0, square - mean * mean);
    level[k] = DB_PER_NEPER * mean;
    change[k] = DB_PER_NEPER * Math.sqrt(variance);
    const third = skewness[k] / n - mean * (3 * square - 2 * mean * mean);
    skewness[k] = variance > LEAST_VARIANCE ? third / (variance * Math.sqrt(variance)) : 0;
  }
}

/** As in the other families, what lies above the window's bandwidth is mirrored from below. */
function fillAbove(bandwidthBin: number, spectrum: Float64Array): void {
  if (bandwidthBin >= BIN_COUNT - 1) return;
  const finer = BIN_HZ / FINE_BIN_HZ;
  const edge = bandwidthBin * finer;
  for (let k = 0; k < FINE_BIN_COUNT; k++) spectrum[k] = spectrum[mirroredBin(k, edge, finer)];
}

/** An empty place among what the median is taken of: above every value. */
const NONE = Infinity;

/** What departs from the running median over MEDIAN_REACH bins to either side, fewer at the ends; clamped. */
export function raggedness(spectrum: Float64Array): Float64Array {
  const rest = new Float64Array(spectrum.length);
  const near = new Float64Array(2 * MEDIAN_REACH + 1).fill(NONE);
  const valueAt = (k: number): number => (k >= 0 && k < spectrum.length ? spectrum[k] : NONE);
  let count = Math.min(MEDIAN_REACH, spectrum.length);
  for (let k = 0; k < count; k++) exchange(near, NONE, spectrum[k]);
  for (let k = 0; k < spectrum.length; k++) {
    const old = valueAt(k - MEDIAN_REACH - 1);
    const added = valueAt(k + MEDIAN_REACH);
    exchange(near, old, added);
    count += (old === NONE ? 1 : 0) - (added === NONE ? 1 : 0);
    const departure = spectrum[k] - quantileOfSorted(near, 0.5, count);
    rest[k] = Math.max(-CLAMP_DB, Math.min(CLAMP_DB, departure));
  }
  return rest;
}

/** Puts `added` in the place of `old` among ascending `values`, and moves it to where it belongs. */
function exchange(values: Float64Array, old: number, added: number): void {
  let at = values.indexOf(old);
  for (; at > 0 && values[at - 1] > added; at--) values[at] = values[at - 1];
  for (; at + 1 < values.length && values[at + 1] < added; at++) values[at] = values[at + 1];
  values[at] = added;
}
