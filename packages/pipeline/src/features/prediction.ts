import { deviation, excessKurtosis, skewness } from '../signal/statistics';
import { hannWindow } from '../signal/fft';
import type { WindowAnalysis } from './analysis';
import type { FeatureDefinition, FeatureFamily } from './family';
import { createSeries, activeDeviation, activeMean, slopeDeviation, type Series } from './series';

const { abs, floor, min } = Math;

/** Linear prediction on the half-rate signal (11,025 Hz): what the vocal tract explains and what is left. */
const ORDER = 12;
const FRAME = 256;
const HOP = 128;
/** Half a spectral frame less half a frame of ours: the centres fall on each other. */
const LEAD = 128;
/** White-noise correction of -40 dB keeps band-limited clips well conditioned. */
const NOISE_SHARE = 1e-4;
const REFLECTIONS = 6;
const GAIN_ROW = REFLECTIONS;
const KURTOSIS_ROW = REFLECTIONS + 1;

export interface Predictor {
  /** a[1..ORDER] of A(z) = 1 + sum a[i] z^-i. */
  readonly coefficients: Float64Array;
  readonly reflections: Float64Array;
  /** Energy left over energy put in, 0..1. */
  errorShare: number;
}

/** Levinson-Durbin recursion (Makhoul 1975, eq. 38) on autocorrelation r[0..order]; writes to `predictor`. */
export function solvePredictor(r: Float64Array, predictor: Predictor): void {
  const { coefficients: a, reflections } = predictor;
  a.fill(0);
  let error = r[0];
  for (let i = 1; i < r.length; i++) {
    let sum = r[i];
    for (let j = 1; j < i; j++) sum += a[j] * r[i - j];
    const k = error > 0 ? -sum / error : 0;
    reflections[i] = k;
    for (let j = 1; j <= i / 2; j++) {
      const [low, high] = [a[j], a[i - j]];
      a[j] = low + k * high;
      a[i - j] = high + k * low;
    }
    a[i] = k;
    error *= 1 - k * k;
  }
  predictor.errorShare = r[0] > 0 ? error / r[0] : 1;
}

export function createPredictor(order: number): Predictor {
  return {
    coefficients: new Float64Array(order + 1),
    reflections: new Float64Array(order + 1),
    errorShare: 1,
  };
}

const HELP =
  'What remains when the resonances of the mouth are taken away is the pulse of the throat; machines make it too regular or too smeared.';

const SINGLES: readonly (readonly [name: string, unit: string, title: string, definition: string])[] = [
  [
    'prediction_gain_mean',
    'dB',
    'Predictability of the voice, average',
    'energy over prediction error, mean over speech frames',
  ],
  [
    'prediction_gain_std',
    'dB',
    'Predictability of the voice, variation',
    'deviation over speech frames of the prediction gain',
  ],
  [
    'prediction_gain_delta_std',
    'dB/frame',
    'Predictability of the voice, speed of change',
    'deviation of its slope over five frames',
  ],
  [
    'residual_kurtosis_mean',
    '1',
    'Sharpness of the throat pulses, average',
    'excess kurtosis of the residual in a frame, mean',
  ],
  [
    'residual_kurtosis_std',
    '1',
    'Sharpness of the throat pulses, variation',
    'excess kurtosis of the residual in a frame, deviation',
  ],
  [
    'residual_skewness',
    '1',
    'Lopsidedness of the throat pulses',
    'absolute skewness of the normalised residual',
  ],
  [
    'residual_peak',
    '1',
    'Height of the throat pulses',
    '99th percentile over mean of the absolute normalised residual',
  ],
  [
    'sample_kurtosis',
    '1',
    'Peakiness of the waveform',
    'excess kurtosis of the half-rate samples of speech frames',
  ],
];

const definitions: FeatureDefinition[] = [
  ...SINGLES.map(([name, unit, title, definition]) => ({
    name,
    family: 'prediction',
    unit,
    title,
    definition: `${definition} (linear prediction of order ${ORDER} at 11,025 Hz)`,
    help: HELP,
  })),
  ...Array.from({ length: REFLECTIONS }, (_, i) =>
    (['std', 'delta_std'] as const).map((statistic) => ({
      name: `reflection_${i + 1}_${statistic}`,
      family: 'prediction',
      unit: statistic === 'std' ? '1' : '1/frame',
      title: `Movement of the vocal tract, section ${i + 1}, ${statistic === 'std' ? 'variation' : 'speed'}`,
      definition: `inverse hyperbolic tangent of reflection coefficient ${i + 1}; ${statistic === 'std' ? 'deviation over speech frames' : 'deviation of its slope over five frames'}`,
      help: 'The mouth is moved by muscles with mass: shapes that jump, or hardly move, are a sign of synthesis.',
    })),
  ).flat(),
];

interface Residual {
  values: Float32Array;
  speech: Float32Array;
  count: number;
}

function writeAutocorrelation(
  half: Float32Array,
  from: number,
  taper: Float64Array,
  scratch: Float64Array,
  r: Float64Array,
): void {
  for (let i = 0; i < FRAME; i++) scratch[i] = half[from + i] * taper[i];
  for (let lag = 0; lag <= ORDER; lag++) {
    let sum = 0;
    for (let i = lag; i < FRAME; i++) sum += scratch[i] * scratch[i - lag];
    r[lag] = sum;
  }
  r[0] *= 1 + NOISE_SHARE;
}

/** Inverse-filters the middle HOP samples of the frame at `from`, brings them to unit power and appends them. */
function appendResidual(half: Float32Array, from: number, a: Float64Array, residual: Residual): number {
  const start = from + (FRAME - HOP) / 2;
  let energy = 0;
  for (let i = 0; i < HOP; i++) {
    let sum = half[start + i];
    for (let j = 1; j <= ORDER; j++) sum += a[j] * half[start + i - j];
    residual.values[residual.count + i] = sum;
    residual.speech[residual.count + i] = half[start + i];
    energy += sum * sum;
  }
  const scale = energy > 0 ? 1 / Math.sqrt(energy / HOP) : 0;
  for (let i = 0; i < HOP; i++) residual.values[residual.count + i] *= scale;
  const kurtosis = excessKurtosis(residual.values.subarray(residual.count, residual.count + HOP));
  residual.count += HOP;
  return kurtosis;
}

function createPredictionPass(): (analysis: WindowAnalysis, series: Series, residual: Residual) => void {
  const predictor = createPredictor(ORDER);
  const taper = hannWindow(FRAME);
  const scratch = new Float64Array(FRAME);
  const r = new Float64Array(ORDER + 1);
  return (analysis, series, residual) => {
    residual.count = 0;
    for (let i = 0; i < analysis.activeCount; i++) {
      const t = analysis.activeFrames[i];
      const from = t * HOP + LEAD;
      writeAutocorrelation(analysis.half, from, taper, scratch, r);
      solvePredictor(r, predictor);
      for (let k = 0; k < REFLECTIONS; k++) {
        series.values[k * series.stride + t] = Math.atanh(0.9999 * predictor.reflections[k + 1]);
      }
      series.values[GAIN_ROW * series.stride + t] = -10 * Math.log10(Math.max(1e-9, predictor.errorShare));
      series.values[KURTOSIS_ROW * series.stride + t] = appendResidual(
        analysis.half,
        from,
        predictor.coefficients,
        residual,
      );
    }
  };
}

const HISTOGRAM_STEP = 1 / 64;
const histogram = new Uint32Array(1024);

/** 99th percentile over mean of the absolute values, which are of unit power; read off a histogram to 1/64. */
function peakShare(values: Float32Array): number {
  histogram.fill(0);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const size = abs(values[i]);
    sum += size;
    histogram[min(histogram.length - 1, floor(size / HISTOGRAM_STEP))]++;
  }
  let above = 0.01 * values.length;
  let cell = histogram.length - 1;
  while (cell > 0 && above > histogram[cell]) above -= histogram[cell--];
  const share = histogram[cell] > 0 ? above / histogram[cell] : 0;
  return sum > 0 ? ((cell + 1 - share) * HISTOGRAM_STEP * values.length) / sum : 0;
}

export const predictionFamily: FeatureFamily = {
  definitions,
  createMeasure() {
    const seriesFor = createSeries(REFLECTIONS + 2);
    const pass = createPredictionPass();
    const residual: Residual = { values: new Float32Array(0), speech: new Float32Array(0), count: 0 };
    return (analysis, out, offset) => {
      const series = seriesFor(analysis.frameCount);
      if (residual.values.length < analysis.frameCount * HOP) {
        residual.values = new Float32Array(analysis.frameCount * HOP);
        residual.speech = new Float32Array(analysis.frameCount * HOP);
      }
      pass(analysis, series, residual);
      const values = residual.values.subarray(0, residual.count);
      const singles = [
        activeMean(analysis, series, GAIN_ROW),
        activeDeviation(analysis, series, GAIN_ROW),
        slopeDeviation(analysis, series, GAIN_ROW),
        activeMean(analysis, series, KURTOSIS_ROW),
        activeDeviation(analysis, series, KURTOSIS_ROW),
        abs(skewness(values)),
        peakShare(values),
        deviation(residual.speech, residual.count) > 0 ? excessKurtosis(residual.speech, residual.count) : 0,
      ];
      for (let i = 0; i < singles.length; i++) out[offset + i] = singles[i];
      for (let k = 0; k < REFLECTIONS; k++) {
        out[offset + singles.length + 2 * k] = activeDeviation(analysis, series, k);
        out[offset + singles.length + 2 * k + 1] = slopeDeviation(analysis, series, k);
      }
    };
  },
};
