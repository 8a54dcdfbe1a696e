import { createFftPlan, type FftPlan, planBytes } from '../signal/fft-plan';
import { hannWindow } from '../signal/taper';
import { createWorkspace, type Kernels } from '../signal/workspace';
import { correlation, quantileOfSorted } from '../signal/statistics';
import type { Window } from './windows';

const { floor, max } = Math;

/** What stands in the way of a sure answer. */
export interface Quality {
  /** Upper end of the sound, at most 11,025 Hz. */
  readonly bandwidthHz: number;
  /** Level of the loudest frames over that of the quietest tenth, dB. */
  readonly snrDb: number;
  /** Share of samples at full scale, 0..1. */
  readonly clippingRatio: number;
  /** 0 for speech .. 1 for music: steady tones and no pauses. */
  readonly musicScore: number;
}

const RATE_HZ = 22_050;
const FRAME = 1024;
const HOP = 1024;
const BINS = FRAME / 2 + 1;
const BIN_HZ = RATE_HZ / FRAME;
const BAND_BINS = 10;
const EMPTY_DB = 70;
const MOST_SNR_DB = 70;

interface Spectra {
  readonly frameCount: number;
  /** Power, BINS a frame. */
  readonly power: Float32Array;
  readonly levelDb: Float64Array;
  /** Room for the details of tones: DETAIL_COUNT + 4 numbers a frame. */
  readonly logs: Float32Array;
  readonly kernels: Kernels;
}

interface Meter extends Omit<Spectra, 'frameCount' | 'levelDb'> {
  readonly samples: Float32Array;
  readonly sums: Float64Array;
  readonly plan: FftPlan;
}

function createMeter(sampleCount: number): Meter {
  const frames = floor(sampleCount / HOP) + 1;
  const bytes = 4 * (sampleCount + frames * (BINS + DETAIL_COUNT + 8)) + planBytes(FRAME) + 4096;
  const workspace = createWorkspace(bytes);
  return {
    kernels: workspace.kernels,
    samples: workspace.float32(sampleCount),
    power: workspace.float32(frames * BINS),
    logs: workspace.float32(frames * (DETAIL_COUNT + 4)),
    sums: workspace.float64(frames + 1),
    plan: createFftPlan(workspace, hannWindow(FRAME)),
  };
}

/** Kept from window to window and replaced for a longer one. */
let meter: Meter | undefined;

function measureSpectra(input: Float32Array): Spectra {
  if (meter === undefined || meter.samples.length < input.length) meter = createMeter(input.length);
  const { kernels, samples, power, logs, sums, plan } = meter;
  const frameCount = input.length < FRAME ? 0 : 1 + floor((input.length - FRAME) / HOP);
  samples.set(input);
  kernels.spectra(
    ...[samples.byteOffset, frameCount, HOP, plan.half, BINS, plan.tables.byteOffset],
    ...[plan.scratch.byteOffset, 0, 0, power.byteOffset, sums.byteOffset],
  );
  const levelDb = sums.slice(0, frameCount).map((sum) => 10 * Math.log10(sum + 1e-12));
  return { frameCount, power, levelDb, logs, kernels };
}

/** Top of the highest band of 215 Hz whose mean power is within EMPTY_DB of the strongest band's. */
function bandwidthOf({ frameCount, power }: Spectra): number {
  const bandCount = floor(BINS / BAND_BINS);
  const bands = new Float64Array(bandCount);
  for (let t = 0; t < frameCount; t++) {
    for (let b = 0, i = t * BINS; b < bandCount; b++) {
      for (let k = 0; k < BAND_BINS; k++, i++) bands[b] += power[i];
    }
  }
  const strongest = bands.reduce((a, b) => Math.max(a, b), 0);
  let top = bandCount - 1;
  while (top > 0 && bands[top] < strongest * 10 ** (-EMPTY_DB / 10)) top--;
  return strongest > 0 ? Math.min(RATE_HZ / 2, (top + 1) * BAND_BINS * BIN_HZ) : 0;
}

/** Bins of 200 Hz to 5 kHz: where music and voices have their overtones. */
const DETAIL_FROM = 10;
const DETAIL_TO = 232;
const DETAIL_COUNT = DETAIL_TO - DETAIL_FROM;
/** Bins so far below the frame's strongest are noise to the ear. */
const DETAIL_FLOOR = 1e-4;

/** Mean correlation of the details of frames 200 ms apart: near 1 for held tones, near 0 for speech and noise. */
function toneHolding(spectra: Spectra, lag: number): number {
  const { frameCount } = spectra;
  const details = detailsOf(spectra);
  let sum = 0;
  for (let t = lag; t < frameCount; t++) {
    const now = details.subarray(t * DETAIL_COUNT, (t + 1) * DETAIL_COUNT);
    sum += correlation(now, details.subarray((t - lag) * DETAIL_COUNT, (t - lag + 1) * DETAIL_COUNT));
  }
  return sum / (frameCount - lag);
}

/** Log spectra less their mean over five bins: the overtones without the tone colour. */
function detailsOf({ frameCount, power, logs, kernels }: Spectra): Float32Array {
  const width = DETAIL_COUNT + 4;
  for (let t = 0; t < frameCount; t++) {
    const row = t * BINS + DETAIL_FROM;
    let strongest = 0;
    for (let k = 0; k < DETAIL_COUNT; k++) strongest = max(strongest, power[row + k]);
    const least = strongest * DETAIL_FLOOR + 1e-20;
    for (let k = 0; k < width; k++) logs[t * width + k] = power[row - 2 + k] + least;
  }
  kernels.logarithms(logs.byteOffset, frameCount * width, logs.byteOffset);
  const details = new Float32Array(frameCount * DETAIL_COUNT);
  for (let t = 0; t < frameCount; t++) {
    for (let k = 0, i = t * width; k < DETAIL_COUNT; k++, i++) {
      const around = logs[i] + logs[i + 1] + logs[i + 2] + logs[i + 3] + logs[i + 4];
      details[t * DETAIL_COUNT + k] = logs[i + 2] - around / 5;
    }
  }
  return details;
}

/** Music holds its tones and hardly pauses: how well tones are held, times how small the level's swing is. */
function musicScoreOf(spectra: Spectra): number {
  const lag = Math.round((0.2 * RATE_HZ) / HOP);
  if (spectra.frameCount < 4 * lag) return 0;
  const sorted = Float64Array.from(spectra.levelDb).sort();
  const swingDb = quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.1);
  const evenness = Math.min(1, Math.max(0, (32 - swingDb) / 16));
  return Math.min(1, Math.max(0, (toneHolding(spectra, lag) - 0.1) / 0.3)) * evenness;
}

/** Measures a window that carries samples. */
export function measureQuality(window: Pick<Window, 'samples' | 'clippingRatio'>): Quality {
  const spectra = measureSpectra(window.samples);
  const sorted = Float64Array.from(spectra.levelDb).sort();
  const floorDb = quantileOfSorted(sorted, 0.1);
  const peakDb = quantileOfSorted(sorted, 0.95);
  return {
    bandwidthHz: bandwidthOf(spectra),
    snrDb: Math.min(MOST_SNR_DB, peakDb - floorDb),
    clippingRatio: window.clippingRatio,
    musicScore: musicScoreOf(spectra),
  };
}

/** A clip's quality: medians over its windows, clipping as the mean. */
export function summarizeQuality(windows: readonly Quality[]): Quality {
  const median = (values: number[]): number => quantileOfSorted(Float64Array.from(values).sort(), 0.5);
  return {
    bandwidthHz: median(windows.map(({ bandwidthHz }) => bandwidthHz)),
    snrDb: median(windows.map(({ snrDb }) => snrDb)),
    clippingRatio:
      windows.reduce((sum, { clippingRatio }) => sum + clippingRatio, 0) / Math.max(1, windows.length),
    musicScore: median(windows.map(({ musicScore }) => musicScore)),
  };
}
