import { correlation, deviation, quantile } from '../signal/statistics';
import { createRealFft } from '../signal/fft';
import { hannWindow } from '../signal/taper';
import type { WindowAnalysis } from './analysis';
import { bandAt, inKilohertz, type FeatureDefinition, type FeatureFamily } from './family';
import { ANALYSIS_RATE_HZ, BIN_COUNT, BIN_HZ, binOfHz } from './frame-grid';
import { perWorkspace } from './per-workspace';

const { abs } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

/** Marks that a machine leaves in the long run: ripple, stationary tones, mirrored bands, the pulse of its frames. */
const DB_PER_NEPER = 10 / Math.LN10;
const BANDS_HZ = [200, 1200, 2600, 4600, 7600] as const;
const bandEdges = BANDS_HZ.map(binOfHz);
const bandCount = bandEdges.length - 1;
const SMOOTH_BINS = 9;
const MIRRORS_HZ = [4000, 5512.5] as const;
const MIRROR_REACH_HZ = 1800;
/** Samples of the half-rate signal. */
const PULSE_BLOCK = 8;
const PULSE_FFT = 4096;
const PULSE_RATE_HZ = ANALYSIS_RATE_HZ / 2 / PULSE_BLOCK;
const PULSE_RANGES_HZ = [
  [40, 110],
  [110, 240],
] as const;

interface LongTerm {
  /** Mean over speech frames of each bin's dB. */
  readonly meanOfLog: Float64Array;
  /** dB of each bin's mean power over speech frames. */
  readonly logOfMean: Float64Array;
}

function fillLongTerm(analysis: WindowAnalysis, spectrum: LongTerm): void {
  const { meanOfLog, logOfMean } = spectrum;
  meanOfLog.fill(0);
  logOfMean.fill(0);
  const { addRow } = analysis.workspace.kernels;
  for (let i = 0; i < analysis.activeCount; i++) {
    const row = 4 * analysis.activeFrames[i] * BINS;
    addRow(analysis.logPower.byteOffset + row, BINS, meanOfLog.byteOffset);
    addRow(analysis.power.byteOffset + row, BINS, logOfMean.byteOffset);
  }
  const n = Math.max(1, analysis.activeCount);
  for (let k = 0; k < BINS; k++) {
    meanOfLog[k] = (DB_PER_NEPER * meanOfLog[k]) / n;
    logOfMean[k] = DB_PER_NEPER * Math.log(logOfMean[k] / n + 1e-12);
  }
}

/** What is left of `spectrum` in bins from..to-1 after a moving mean over 2 x SMOOTH_BINS + 1 bins is taken off. */
export function ripple(spectrum: Float64Array, from: number, to: number): number[] {
  const rest: number[] = [];
  for (let k = from; k < to; k++) {
    const low = Math.max(from, k - SMOOTH_BINS);
    const high = Math.min(to - 1, k + SMOOTH_BINS);
    let sum = 0;
    for (let j = low; j <= high; j++) sum += spectrum[j];
    rest.push(spectrum[k] - sum / (high - low + 1));
  }
  return rest;
}

/** Correlation of the fine structure on both sides of `centreHz`: near 1 where one side was copied from the other. */
function mirrorCorrelation(spectrum: Float64Array, centreHz: number): number {
  const centre = centreHz / BIN_HZ;
  const reach = Math.floor(MIRROR_REACH_HZ / BIN_HZ);
  const low = ripple(spectrum, Math.ceil(centre) - reach, Math.ceil(centre));
  const high = ripple(spectrum, Math.floor(centre) + 1, Math.floor(centre) + 1 + reach);
  return correlation(low.reverse(), high);
}

function createPulseMeter(): (samples: Float32Array, out: Float64Array, offset: number) => void {
  const fft = createRealFft(PULSE_FFT);
  const re = new Float64Array(PULSE_FFT / 2 + 1);
  const im = new Float64Array(PULSE_FFT / 2 + 1);
  const envelope = new Float64Array(PULSE_FFT);
  let taper = hannWindow(1);
  return (samples, out, offset) => {
    const blocks = Math.min(PULSE_FFT, Math.floor((samples.length - 1) / PULSE_BLOCK));
    fillPulse(samples, blocks, envelope);
    if (taper.length !== blocks) taper = hannWindow(Math.max(1, blocks));
    for (let i = 0; i < blocks; i++) envelope[i] *= taper[i];
    fft.forward(envelope, re, im);
    PULSE_RANGES_HZ.forEach(([lowHz, highHz], r) => {
      const from = Math.round((lowHz / PULSE_RATE_HZ) * PULSE_FFT);
      const to = Math.round((highHz / PULSE_RATE_HZ) * PULSE_FFT);
      const lines = Float64Array.from({ length: to - from }, (_, i) => re[from + i] ** 2 + im[from + i] ** 2);
      const highest = lines.reduce((a, b) => Math.max(a, b), 0);
      const median = quantile(lines, 0.5);
      out[offset + r] = median > 0 ? 10 * Math.log10(highest / median) : 0;
    });
  };
}

/** Amplitude of the pre-emphasised signal in blocks of 0.73 ms, its slow swing (29 ms) divided out. */
function fillPulse(samples: Float32Array, blocks: number, envelope: Float64Array): void {
  envelope.fill(0);
  let slow = 0;
  for (let b = 0; b < blocks; b++) {
    let sum = 0;
    for (let i = b * PULSE_BLOCK + 1; i <= (b + 1) * PULSE_BLOCK; i++)
      sum += abs(samples[i] - samples[i - 1]);
    slow = b === 0 ? sum : slow + (sum - slow) / 40;
    envelope[b] = slow > 0 ? sum / slow - 1 : 0;
  }
}

function define(
  name: string,
  unit: string,
  words: Pick<FeatureDefinition, 'title' | 'definition' | 'help' | 'bandHz'>,
): FeatureDefinition {
  return { name, family: 'long_term', unit, ...words };
}

const rangeOf = (b: number): string => inKilohertz(bandAt(BANDS_HZ, b));
const bandNumbers = Array.from({ length: bandCount }, (_, b) => b);

export const longTermFamily: FeatureFamily = {
  definitions: [
    ...bandNumbers.map((b) =>
      define(`ripple_${b + 1}`, 'dB', {
        title: `Comb pattern at ${rangeOf(b)}`,
        definition: `deviation of the long-term spectrum at ${rangeOf(b)} from its moving mean over 409 Hz`,
        help: 'Up-sampling layers and frame-wise synthesis leave a regular comb in the average spectrum.',
        bandHz: bandAt(BANDS_HZ, b),
      }),
    ),
    ...bandNumbers.map((b) =>
      define(`temporal_flatness_${b + 1}`, 'dB', {
        title: `Evenness over time at ${rangeOf(b)}`,
        definition: `mean over bins at ${rangeOf(b)} of the geometric over the arithmetic mean over speech frames`,
        help: 'Too even a noise over time is made, not breathed.',
        bandHz: bandAt(BANDS_HZ, b),
      }),
    ),
    ...MIRRORS_HZ.map((hz, i) =>
      define(`mirror_${i + 1}`, '1', {
        title: `Mirror image around ${hz / 1000} kHz`,
        definition: `correlation of the long-term fine structure 1.8 kHz below and above ${hz} Hz`,
        help: 'Imperfect up-sampling folds low overtones to a mirror image above.',
      }),
    ),
    ...PULSE_RANGES_HZ.map(([low, high], i) =>
      define(`pulse_line_${i + 1}`, 'dB', {
        title: `Machine pulse at ${low} to ${high} Hz`,
        definition: `highest line over the median of the fast envelope's spectrum at ${low} to ${high} Hz`,
        help: 'Synthesis in fixed frames can pulse at the rate of its frames, while a voice never holds one pulse.',
      }),
    ),
  ],
  createMeasure() {
    const spectrumOf = perWorkspace(({ workspace }) => ({
      meanOfLog: workspace.float64(BINS),
      logOfMean: workspace.float64(BINS),
    }));
    const pulse = createPulseMeter();
    return (analysis, out, offset) => {
      const spectrum = spectrumOf(analysis);
      fillLongTerm(analysis, spectrum);
      const { meanOfLog, logOfMean } = spectrum;
      for (let b = 0; b < bandCount; b++) {
        out[offset + b] = deviation(ripple(meanOfLog, bandEdges[b], bandEdges[b + 1]));
        let sum = 0;
        for (let k = bandEdges[b]; k < bandEdges[b + 1]; k++) sum += meanOfLog[k] - logOfMean[k];
        out[offset + bandCount + b] = sum / (bandEdges[b + 1] - bandEdges[b]);
      }
      MIRRORS_HZ.forEach((hz, i) => {
        out[offset + 2 * bandCount + i] = mirrorCorrelation(meanOfLog, hz);
      });
      pulse(analysis.half.subarray(0, analysis.halfCount), out, offset + 2 * bandCount + MIRRORS_HZ.length);
    };
  },
};
