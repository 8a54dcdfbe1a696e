import { createFftPlan } from '../signal/fft-plan';
import { quantileOfSorted, skewness } from '../signal/statistics';
import { hannWindow } from '../signal/taper';
import type { WindowAnalysis } from './analysis';
import { mirroredBin } from './bandwidth';
import { bandAt, inKilohertz, type FeatureDefinition, type FeatureFamily } from './family';
import { ACTIVE_RANGE_DB, ANALYSIS_RATE_HZ, BIN_COUNT, BIN_HZ, FLOOR_DB, TOP_HZ } from './frame-grid';
import { perWorkspace } from './per-workspace';

/**
 * How ragged the long-term spectrum is at 10.8 Hz, too fine for the frames that the other families share: of the mean
 * over speech frames in dB, and of the deviation over them, what departs from the running median along frequency.
 */
const FRAME = 2048;
const HOP = 1024;
const FINE_BIN_HZ = ANALYSIS_RATE_HZ / FRAME;
const BINS = Math.floor(TOP_HZ / FINE_BIN_HZ) + 1;
const DB_PER_NEPER = 10 / Math.LN10;
/** Bins on either side that the median is taken over: 205 Hz in all, more than one overtone of most voices. */
const MEDIAN_REACH = 9;
/** A line of mains hum counts as no more than this. */
const CLAMP_DB = 6;
const BANDS_HZ = [160, 1000, 2000, 3400, 5200, 7600] as const;
const bandEdges = BANDS_HZ.map((hz) => Math.min(BINS, Math.round(hz / FINE_BIN_HZ)));
const bandNumbers = BANDS_HZ.slice(1).map((_, b) => b);
const SHARES = [0.01, 0.05, 0.95, 0.99] as const;

function fineFrameCountOf(sampleCount: number): number {
  return sampleCount < FRAME ? 0 : 1 + Math.floor((sampleCount - FRAME) / HOP);
}

export interface FineSpectrum {
  /** Mean over speech frames, dB, a number a bin. */
  readonly level: Float64Array;
  /** Deviation over speech frames, dB. */
  readonly change: Float64Array;
}

/** Creates the function that measures level and change of each of the bins up to TOP_HZ. */
export function createFineSpectrum(): (analysis: WindowAnalysis) => FineSpectrum {
  const level = new Float64Array(BINS);
  const change = new Float64Array(BINS);
  const roomOf = perWorkspace(({ workspace, samples }) => {
    const frames = fineFrameCountOf(samples.length);
    return {
      plan: createFftPlan(workspace, hannWindow(FRAME)),
      power: workspace.float32(frames * BINS),
      sums: workspace.float64(frames + 1),
    };
  });
  return (analysis) => {
    const { workspace, samples, sampleCount } = analysis;
    const { plan, power, sums } = roomOf(analysis);
    const frames = fineFrameCountOf(sampleCount);
    const { half, tables, scratch } = plan;
    workspace.kernels.spectra(
      ...[samples.byteOffset, frames, HOP, half, BINS, tables.byteOffset, scratch.byteOffset],
      ...[0, 0, power.byteOffset, sums.byteOffset],
    );
    const reference = quantileOfSorted(sums.slice(0, frames).sort(), 0.95) / BINS;
    const cells = frames * BINS;
    workspace.kernels.scaleAbove(
      power.byteOffset,
      cells,
      reference > 0 ? 1 / reference : 0,
      10 ** (-FLOOR_DB / 10),
    );
    workspace.kernels.logarithms(power.byteOffset, cells, power.byteOffset);
    const least = reference * BINS * 10 ** (-ACTIVE_RANGE_DB / 10);
    const active = Array.from({ length: frames }, (_, t) => t).filter((t) => sums[t] > least);
    fillMoments(power, active, level, change);
    fillAbove(analysis.bandwidthBin, level);
    fillAbove(analysis.bandwidthBin, change);
    return { level, change };
  };
}

/** Mean and deviation in dB of each bin's natural logarithms over the rows of these frames. */
function fillMoments(
  logs: Float32Array,
  frames: readonly number[],
  level: Float64Array,
  change: Float64Array,
): void {
  level.fill(0);
  change.fill(0);
  for (const t of frames) {
    const row = t * BINS;
    for (let k = 0; k < BINS; k++) {
      const value = logs[row + k];
      level[k] += value;
      change[k] += value * value;
    }
  }
  const n = Math.max(1, frames.length);
  for (let k = 0; k < BINS; k++) {
    const mean = level[k] / n;
    level[k] = DB_PER_NEPER * mean;
    change[k] = DB_PER_NEPER * Math.sqrt(Math.max(0, change[k] / n - mean * mean));
  }
}

/** As in the other families, what lies above the window's bandwidth is mirrored from below. */
function fillAbove(bandwidthBin: number, spectrum: Float64Array): void {
  if (bandwidthBin >= BIN_COUNT - 1) return;
  const finer = BIN_HZ / FINE_BIN_HZ;
  const edge = bandwidthBin * finer;
  for (let k = 0; k < BINS; k++) spectrum[k] = spectrum[mirroredBin(k, edge, finer)];
}

/** What departs from the running median over MEDIAN_REACH bins to either side, fewer at the ends; clamped. */
export function raggedness(spectrum: Float64Array): Float64Array {
  const rest = new Float64Array(spectrum.length);
  const near: number[] = [];
  const insert = (value: number): number => near.splice(placeOf(near, value), 0, value).length;
  for (let k = 0; k < Math.min(MEDIAN_REACH, spectrum.length); k++) insert(spectrum[k]);
  for (let k = 0; k < spectrum.length; k++) {
    if (k + MEDIAN_REACH < spectrum.length) insert(spectrum[k + MEDIAN_REACH]);
    if (k > MEDIAN_REACH) near.splice(placeOf(near, spectrum[k - MEDIAN_REACH - 1]), 1);
    const departure = spectrum[k] - quantileOfSorted(near, 0.5);
    rest[k] = Math.max(-CLAMP_DB, Math.min(CLAMP_DB, departure));
  }
  return rest;
}

/** Where in ascending `values` the first that is not below `value` stands. */
function placeOf(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** RMS, skewness and the quantiles SHARES of what departs in one band. */
function statisticsOf(rest: Float64Array): number[] {
  let squares = 0;
  for (const value of rest) squares += value * value;
  const sorted = rest.slice().sort();
  return [
    Math.sqrt(squares / Math.max(1, rest.length)),
    skewness(rest),
    ...SHARES.map((share) => quantileOfSorted(sorted, share)),
  ];
}

interface Words {
  readonly name: string;
  readonly title: string;
  readonly of: string;
  readonly help: string;
}

const SPECTRA: readonly Words[] = [
  {
    name: 'fine_level',
    title: 'Raggedness of the average spectrum',
    of: 'mean over speech frames in dB',
    help: 'A voice that drifts smears its overtones in the long run; one held by a machine leaves them, or its own lines, standing.',
  },
  {
    name: 'fine_change',
    title: 'Raggedness of how the spectrum changes',
    of: 'deviation over speech frames in dB',
    help: 'How much neighbouring frequencies come and go together shows whether one throat moved them.',
  },
];

const STATISTICS: readonly (Omit<Words, 'help'> & { unit: string })[] = [
  { name: 'rms', title: 'size', of: 'root mean square', unit: 'dB' },
  { name: 'skewness', title: 'lopsidedness', of: 'skewness', unit: '1' },
  { name: 'p01', title: 'deepest notches', of: '1st percentile', unit: 'dB' },
  { name: 'p05', title: 'notches', of: '5th percentile', unit: 'dB' },
  { name: 'p95', title: 'peaks', of: '95th percentile', unit: 'dB' },
  { name: 'p99', title: 'highest peaks', of: '99th percentile', unit: 'dB' },
];

const definitionsOf = (spectrum: Words): FeatureDefinition[] =>
  bandNumbers.flatMap((b) => {
    const range = inKilohertz(bandAt(BANDS_HZ, b));
    return STATISTICS.map(({ name, title, of, unit }) => ({
      name: `${spectrum.name}_${b + 1}_${name}`,
      family: 'fine_structure',
      unit,
      title: `${spectrum.title} at ${range}, ${title}`,
      definition: `${of} over bins of 10.8 Hz at ${range} of the ${spectrum.of} less its running median over 205 Hz, within ${CLAMP_DB} dB`,
      help: spectrum.help,
      bandHz: bandAt(BANDS_HZ, b),
    }));
  });

export const fineStructureFamily: FeatureFamily = {
  definitions: SPECTRA.flatMap(definitionsOf),
  createMeasure() {
    const spectrumOf = createFineSpectrum();
    return (analysis, out, offset) => {
      const { level, change } = spectrumOf(analysis);
      let at = offset;
      for (const rest of [raggedness(level), raggedness(change)]) {
        for (const b of bandNumbers) {
          for (const value of statisticsOf(rest.subarray(bandEdges[b], bandEdges[b + 1]))) out[at++] = value;
        }
      }
    };
  },
};
