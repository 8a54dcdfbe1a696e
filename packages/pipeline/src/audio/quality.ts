import { createRealFft, hannWindow } from '../signal/fft';
import { correlation, quantileOfSorted } from '../signal/statistics';
import type { Window } from './windows';

const { floor, log, max } = Math;

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
}

function measureSpectra(samples: Float32Array): Spectra {
  const frameCount = samples.length < FRAME ? 0 : 1 + floor((samples.length - FRAME) / HOP);
  const fft = createRealFft(FRAME);
  const taper = hannWindow(FRAME);
  const frame = new Float64Array(FRAME);
  const re = new Float64Array(BINS);
  const im = new Float64Array(BINS);
  const power = new Float32Array(frameCount * BINS);
  const levelDb = new Float64Array(frameCount);
  for (let t = 0; t < frameCount; t++) {
    for (let i = 0; i < FRAME; i++) frame[i] = samples[t * HOP + i] * taper[i];
    fft.forward(frame, re, im);
    let sum = 0;
    for (let k = 0; k < BINS; k++) {
      power[t * BINS + k] = re[k] * re[k] + im[k] * im[k];
      sum += power[t * BINS + k];
    }
    levelDb[t] = 10 * Math.log10(sum + 1e-12);
  }
  return { frameCount, power, levelDb };
}

/** Top of the highest band of 215 Hz whose mean power is within EMPTY_DB of the strongest band's. */
function bandwidthOf({ frameCount, power }: Spectra): number {
  const bandCount = floor(BINS / BAND_BINS);
  const bands = new Float64Array(bandCount);
  for (let t = 0; t < frameCount; t++) {
    for (let k = 0; k < bandCount * BAND_BINS; k++) bands[floor(k / BAND_BINS)] += power[t * BINS + k];
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

/** Log spectrum of a frame less its mean over five bins: the overtones without the tone colour. */
function writeDetail(
  power: Float32Array,
  row: number,
  logs: Float64Array,
  out: Float32Array,
  offset: number,
): void {
  let strongest = 0;
  for (let k = DETAIL_FROM; k < DETAIL_TO; k++) strongest = max(strongest, power[row + k]);
  const least = strongest * DETAIL_FLOOR + 1e-20;
  for (let k = 0; k < DETAIL_COUNT + 4; k++) logs[k] = log(power[row + DETAIL_FROM - 2 + k] + least);
  for (let k = 0; k < DETAIL_COUNT; k++) {
    const around = logs[k] + logs[k + 1] + logs[k + 2] + logs[k + 3] + logs[k + 4];
    out[offset + k] = logs[k + 2] - around / 5;
  }
}

/** Mean correlation of the details of frames 200 ms apart: near 1 for held tones, near 0 for speech and noise. */
function toneHolding({ frameCount, power }: Spectra, lag: number): number {
  const details = new Float32Array(frameCount * DETAIL_COUNT);
  const logs = new Float64Array(DETAIL_COUNT + 4);
  for (let t = 0; t < frameCount; t++) writeDetail(power, t * BINS, logs, details, t * DETAIL_COUNT);
  let sum = 0;
  for (let t = lag; t < frameCount; t++) {
    const now = details.subarray(t * DETAIL_COUNT, (t + 1) * DETAIL_COUNT);
    sum += correlation(now, details.subarray((t - lag) * DETAIL_COUNT, (t - lag + 1) * DETAIL_COUNT));
  }
  return sum / (frameCount - lag);
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
export function measureQuality(window: Window): Quality {
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
