import { createRealFft, hannWindow } from '../signal/fft';
import { quantileOfSorted } from '../signal/statistics';
import type { Window } from './windows';

const { floor } = Math;

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
const SPEECH_RANGE_DB = 35;

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

/**
 * Music holds its tones and hardly pauses: the product of how alike neighbouring spectra are
 * (mean cosine of log spectra 200 ms apart) and of how small the level's swing is.
 */
function musicScoreOf({ frameCount, power, levelDb }: Spectra): number {
  const lag = Math.round((0.2 * RATE_HZ) / HOP);
  if (frameCount < 4 * lag) return 0;
  let likeness = 0;
  for (let t = lag; t < frameCount; t++) likeness += tonalLikeness(power, t * BINS, (t - lag) * BINS);
  likeness /= frameCount - lag;
  const sorted = Float64Array.from(levelDb).sort();
  const swingDb = quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.1);
  const evenness = Math.min(1, Math.max(0, (24 - swingDb) / 16));
  return Math.min(1, Math.max(0, (likeness - 0.35) / 0.4)) * evenness;
}

/** Correlation of the fine structure (log power less its mean over 5 bins) of two frames at 200 Hz to 5 kHz. */
function tonalLikeness(power: Float32Array, a: number, b: number): number {
  let [xy, xx, yy] = [0, 0, 0];
  for (let k = 10; k < 232; k++) {
    const x = fineStructure(power, a + k);
    const y = fineStructure(power, b + k);
    xy += x * y;
    xx += x * x;
    yy += y * y;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

function fineStructure(power: Float32Array, i: number): number {
  const around = power[i - 2] + power[i - 1] + power[i] + power[i + 1] + power[i + 2];
  return around > 0 ? (5 * power[i]) / around - 1 : 0;
}

/** Measures a window that carries samples. */
export function measureQuality(window: Window): Quality {
  const spectra = measureSpectra(window.samples);
  const sorted = Float64Array.from(spectra.levelDb).sort();
  const floorDb = quantileOfSorted(sorted, 0.1);
  const peakDb = quantileOfSorted(sorted, 0.95);
  return {
    bandwidthHz: bandwidthOf(spectra),
    snrDb: Math.min(2 * SPEECH_RANGE_DB, peakDb - floorDb),
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
