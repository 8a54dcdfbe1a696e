import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, BIN_HZ } from './frame-grid';
import { perWorkspace } from './per-workspace';
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
  const sums = [0, 0, 0, 0];
  for (let k = 0; k < amplitude.length; k++) for (let m = 0; m < 4; m++) sums[m] += k ** m * amplitude[k];
  return moments(sums, binHz);
}

/** Centroid, spread and skewness from the sums of k^0 a, k^1 a, k^2 a and k^3 a. */
function moments(
  [m0, m1, m2, m3]: Iterable<number> & ArrayLike<number>,
  binHz: number,
): [number, number, number] {
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
  return rolloffBin(amplitude, 0, amplitude.length, total) * binHz;
}

function rolloffBin(amplitude: ArrayLike<number>, row: number, bins: number, sum: number): number {
  const limit = ROLLOFF_SHARE * sum;
  let total = sum;
  let k = bins - 1;
  while (total > limit && k >= 0) total -= amplitude[row + k--];
  return k + 1;
}

/** Least-squares slope of the log spectrum against frequency, dB/kHz. */
function logSlope(logPower: Float32Array, row: number): number {
  const centre = (BINS - 1) / 2;
  let sum = 0;
  for (let k = 0; k < BINS; k++) sum += (k - centre) * logPower[row + k];
  const squares = (BINS * (BINS * BINS - 1)) / 12;
  return ((DB_PER_NEPER * sum) / squares / BIN_HZ) * 1000;
}

/** Entropy over its greatest possible value, and crest in dB, of one row of powers. */
function writeDistribution(analysis: WindowAnalysis, series: Series, t: number): void {
  const { sumOf, productOf, greatestOf } = analysis.workspace.kernels;
  const power = analysis.power.byteOffset + 4 * t * BINS;
  const sum = sumOf(power, BINS);
  const weighted = productOf(power, analysis.logPower.byteOffset + 4 * t * BINS, BINS);
  const { values, stride } = series;
  values[5 * stride + t] = (log(sum) - weighted / sum) / log(BINS);
  values[8 * stride + t] = DB_PER_NEPER * log((greatestOf(power, BINS) * BINS) / sum);
}

/** Moments, roll-off and flux of the amplitude spectra, whose sums a kernel forms. */
function createMomentsFill(): (analysis: WindowAnalysis, series: Series) => void {
  const roomOf = perWorkspace(({ workspace }) => ({
    sums: workspace.float64(6),
    nothing: workspace.float32(BINS),
  }));
  return (analysis, { values, stride }) => {
    const { kernels } = analysis.workspace;
    const { sums, nothing } = roomOf(analysis);
    const { amplitude } = analysis;
    let before = nothing.byteOffset;
    let squaresBefore = 0;
    for (let t = 0; t < analysis.frameCount; t++) {
      const row = amplitude.byteOffset + 4 * t * BINS;
      kernels.shapeSums(row, before, BINS, sums.byteOffset);
      const [centroid, spread, skew] = moments(sums, BIN_HZ);
      values[t] = centroid;
      values[stride + t] = spread;
      values[2 * stride + t] = skew;
      values[3 * stride + t] = rolloffBin(amplitude, t * BINS, BINS, sums[0]) * BIN_HZ;
      values[7 * stride + t] =
        squaresBefore > 0 ? sqrt(max(0, 2 - (2 * sums[5]) / sqrt(sums[4] * squaresBefore))) : 0;
      before = row;
      squaresBefore = sums[4];
    }
  };
}

/** Creates the function that writes the wanted rows of SHAPE_ROWS. */
export function createShapeFill(
  isWanted: (row: number) => boolean = () => true,
): (analysis: WindowAnalysis, series: Series) => void {
  const fillMoments = createMomentsFill();
  const wants = (...rows: (typeof SHAPE_ROWS)[number][]): boolean =>
    rows.some((row) => isWanted(SHAPE_ROWS.indexOf(row)));
  const wantsMoments = wants('centroid', 'spread', 'skewness', 'rolloff', 'flux');
  const [wantsFlatness, wantsSlope] = [wants('flatness'), wants('slope')];
  const wantsDistribution = wants('entropy', 'crest');
  return (analysis, series) => {
    if (wantsMoments) fillMoments(analysis, series);
    const { workspace, power, logPower } = analysis;
    const { sumOf } = workspace.kernels;
    const { values, stride } = series;
    for (let t = 0; t < analysis.frameCount; t++) {
      const at = 4 * t * BINS;
      if (wantsFlatness) {
        const mean = sumOf(power.byteOffset + at, BINS) / BINS;
        values[4 * stride + t] = DB_PER_NEPER * (sumOf(logPower.byteOffset + at, BINS) / BINS - log(mean));
      }
      if (wantsSlope) values[6 * stride + t] = logSlope(logPower, t * BINS);
      if (wantsDistribution) writeDistribution(analysis, series, t);
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
