import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, BIN_HZ } from './frame-grid';
import type { Series } from './series';
import { createSeriesFamily, type RowSpec, type Statistic } from './series-family';

const { sqrt, log, max } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

export const SHAPE_ROWS = [
  'centroid',
  'spread',
  'skewness',
  'rolloff',
  'flatness',
  'entropy',
  'slope',
  'flux',
  'crest',
] as const;
const ROLLOFF_SHARE = 0.99;
const DB_PER_NEPER = 10 / Math.LN10;

/** Amplitude-weighted moments of the bin number, as Meyda defines centroid and spread, in Hz. */
export function amplitudeMoments(amplitude: ArrayLike<number>, binHz: number): [number, number, number] {
  let [m0, m1, m2, m3] = [0, 0, 0, 0];
  for (let k = 0; k < amplitude.length; k++) {
    const a = amplitude[k];
    m0 += a;
    m1 += k * a;
    m2 += k * k * a;
    m3 += k * k * k * a;
  }
  if (!(m0 > 0)) return [0, 0, 0];
  const [mu1, mu2, mu3] = [m1 / m0, m2 / m0, m3 / m0];
  const variance = max(0, mu2 - mu1 * mu1);
  const third = mu3 - 3 * mu1 * mu2 + 2 * mu1 ** 3;
  return [mu1 * binHz, sqrt(variance) * binHz, variance > 0 ? third / variance ** 1.5 : 0];
}

/** Frequency below which 99 % of the summed amplitude lies, as Meyda defines it. */
export function amplitudeRolloff(amplitude: ArrayLike<number>, binHz: number): number {
  let total = 0;
  for (let k = 0; k < amplitude.length; k++) total += amplitude[k];
  const limit = ROLLOFF_SHARE * total;
  let k = amplitude.length - 1;
  while (total > limit && k >= 0) total -= amplitude[k--];
  return (k + 1) * binHz;
}

/** Least-squares slope of the log spectrum against frequency, dB/kHz. */
function logSlope(logPower: Float32Array, row: number): number {
  const centre = (BINS - 1) / 2;
  let sum = 0;
  for (let k = 0; k < BINS; k++) sum += (k - centre) * logPower[row + k];
  const squares = (BINS * (BINS * BINS - 1)) / 12;
  return ((DB_PER_NEPER * sum) / squares / BIN_HZ) * 1000;
}

function writeDistribution(analysis: WindowAnalysis, series: Series, t: number): void {
  const row = t * BINS;
  const { power, logPower } = analysis;
  let [sum, logSum, weighted, peak] = [0, 0, 0, 0];
  for (let k = 0; k < BINS; k++) {
    sum += power[row + k];
    logSum += logPower[row + k];
    weighted += power[row + k] * logPower[row + k];
    peak = max(peak, power[row + k]);
  }
  const { values, stride } = series;
  values[4 * stride + t] = DB_PER_NEPER * (logSum / BINS - log(sum / BINS));
  values[5 * stride + t] = (log(sum) - weighted / sum) / log(BINS);
  values[8 * stride + t] = DB_PER_NEPER * log((peak * BINS) / sum);
}

/** Distance of two neighbouring frames' amplitude spectra of unit length, 0..sqrt(2). */
function fluxBetween(amplitude: Float64Array, before: Float64Array): number {
  let [dot, a, b] = [0, 0, 0];
  for (let k = 0; k < BINS; k++) {
    dot += amplitude[k] * before[k];
    a += amplitude[k] * amplitude[k];
    b += before[k] * before[k];
  }
  return b > 0 ? sqrt(max(0, 2 - (2 * dot) / sqrt(a * b))) : 0;
}

export function createShapeFill(): (analysis: WindowAnalysis, series: Series) => void {
  let amplitude = new Float64Array(BINS);
  let before = new Float64Array(BINS);
  return (analysis, series) => {
    before.fill(0);
    const { values, stride } = series;
    for (let t = 0; t < analysis.frameCount; t++) {
      for (let k = 0; k < BINS; k++) amplitude[k] = sqrt(analysis.power[t * BINS + k]);
      const [centroid, spread, skew] = amplitudeMoments(amplitude, BIN_HZ);
      values[t] = centroid;
      values[stride + t] = spread;
      values[2 * stride + t] = skew;
      values[3 * stride + t] = amplitudeRolloff(amplitude, BIN_HZ);
      writeDistribution(analysis, series, t);
      values[6 * stride + t] = logSlope(analysis.logPower, t * BINS);
      values[7 * stride + t] = fluxBetween(amplitude, before);
      [amplitude, before] = [before, amplitude];
    }
  };
}

const WORDS: Record<(typeof SHAPE_ROWS)[number], [unit: string, title: string, definition: string]> = {
  centroid: ['Hz', 'Brightness', 'amplitude-weighted mean frequency to 7.6 kHz'],
  spread: ['Hz', 'Width of the sound', 'amplitude-weighted deviation of frequency to 7.6 kHz'],
  skewness: [
    '1',
    'Lopsidedness of the sound',
    'third standardised moment of the amplitude spectrum to 7.6 kHz',
  ],
  rolloff: ['Hz', 'Upper end of the sound', 'frequency below which 99 % of the summed amplitude lies'],
  flatness: ['dB', 'Noisiness', 'geometric over arithmetic mean of the power spectrum'],
  entropy: ['1', 'Evenness of the sound', 'entropy of the power spectrum over its greatest possible value'],
  slope: ['dB/kHz', 'Fall towards high tones', 'least-squares slope of the spectrum in dB'],
  flux: ['1', 'Change from instant to instant', 'distance of neighbouring amplitude spectra of unit length'],
  crest: ['dB', 'Peakiness of the sound', 'highest bin over the mean bin of the power spectrum'],
};

const STATISTICS: readonly Statistic[] = ['mean', 'std', 'delta_std'];

export const spectralShapeFamily = createSeriesFamily({
  family: 'spectral_shape',
  rows: SHAPE_ROWS.map((name): RowSpec => {
    const [unit, title, definition] = WORDS[name];
    const help =
      'The overall shape of the spectrum and how lively it changes differ between throats and synthesisers.';
    return { name: `spectral_${name}`, unit, title, definition, help, statistics: STATISTICS };
  }),
  createFill: createShapeFill,
});
