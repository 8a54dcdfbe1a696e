import { createPredictor, solvePredictor } from '../signal/linear-prediction';
import type { Moments } from '../signal/statistics';
import { hannWindow } from '../signal/taper';
import type { WindowAnalysis } from './analysis';
import type { FeatureDefinition, FeatureFamily } from './family';
import { perWorkspace } from './per-workspace';
import { createSeries, activeDeviation, activeMean, slopeDeviation, type Series } from './series';

const { abs } = Math;

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

interface Room {
  readonly taper: Float64Array;
  readonly products: Float64Array;
  readonly coefficients: Float64Array;
  readonly scratch: Float64Array;
  /** What prediction leaves of all speech frames one after another, at unit power. */
  readonly residual: Float32Array;
  /** Their sound itself. */
  readonly speech: Float32Array;
}

function createRoom({ workspace, levelDb }: WindowAnalysis): Room {
  const taper = workspace.float64(FRAME);
  taper.set(hannWindow(FRAME));
  return {
    taper,
    products: workspace.float64(ORDER + 1),
    coefficients: workspace.float64(ORDER + 1),
    scratch: workspace.float64(FRAME + ORDER),
    residual: workspace.float32(levelDb.length * HOP),
    speech: workspace.float32(levelDb.length * HOP),
  };
}

/** What of it somebody asked for: reflection coefficients, from 0, and the sound itself. */
interface Wanted {
  readonly reflections: readonly number[];
  readonly sound: boolean;
}

function wantedOf(names: ReadonlySet<string>): Wanted {
  const isWanted = (k: number): boolean =>
    ['std', 'delta_std'].some((statistic) => names.has(`reflection_${k + 1}_${statistic}`));
  const reflections = Array.from({ length: REFLECTIONS }, (_, k) => k).filter(isWanted);
  return { reflections, sound: names.has('sample_kurtosis') };
}

type PredictionPass = (analysis: WindowAnalysis, series: Series, room: Room) => number;

/** Predicts every speech frame and fills `series` and `room`; answers how many samples of residual there are. */
function createPredictionPass({ reflections, sound }: Wanted): PredictionPass {
  const predictor = createPredictor(ORDER);
  return (analysis, series, { taper, products, coefficients, scratch, residual, speech }) => {
    const { half, workspace } = analysis;
    const { kernels } = workspace;
    let count = 0;
    for (let i = 0; i < analysis.activeCount; i++, count += HOP) {
      const t = analysis.activeFrames[i];
      const from = t * HOP + LEAD;
      const frame = half.byteOffset + 4 * from;
      kernels.frameProducts(frame, FRAME, taper.byteOffset, ORDER, scratch.byteOffset, products.byteOffset);
      products[0] *= 1 + NOISE_SHARE;
      solvePredictor(products, predictor);
      for (const k of reflections) {
        series.values[k * series.stride + t] = Math.atanh(0.9999 * predictor.reflections[k + 1]);
      }
      series.values[GAIN_ROW * series.stride + t] = -10 * Math.log10(Math.max(1e-9, predictor.errorShare));
      coefficients.set(predictor.coefficients);
      const middle = from + (FRAME - HOP) / 2;
      const [at, left] = [half.byteOffset + 4 * middle, residual.byteOffset + 4 * count];
      const sharpness = kernels.residual(at, HOP, coefficients.byteOffset, ORDER, left);
      series.values[KURTOSIS_ROW * series.stride + t] = sharpness;
      if (sound) speech.set(half.subarray(middle, middle + HOP), count);
    }
    return count;
  };
}

/** Central moments of the first `count` (an even number) of a workspace's `values`. */
function momentsOf(
  values: Float32Array,
  count: number,
  analysis: WindowAnalysis,
  out: Float64Array,
): Moments {
  const { kernels } = analysis.workspace;
  const centre = kernels.sumOf(values.byteOffset, count) / Math.max(1, count);
  kernels.centralSums(values.byteOffset, count, centre, out.byteOffset);
  const n = Math.max(1, count);
  return { second: out[0] / n, third: out[1] / n, fourth: out[2] / n };
}

function kurtosisOf({ second, fourth }: Moments): number {
  return second > 0 ? fourth / (second * second) - 3 : 0;
}

const CELLS_A_UNIT = 64;
const histogram = new Uint32Array(1024);

/** 99th percentile over mean of the absolute values, which are of unit power; read off a histogram to 1/64. */
function peakShare(values: Float32Array): number {
  histogram.fill(0);
  const last = histogram.length - 1;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const size = abs(values[i]);
    sum += size;
    const cell = (size * CELLS_A_UNIT) | 0;
    histogram[cell < last ? cell : last]++;
  }
  let above = 0.01 * values.length;
  let cell = last;
  while (cell > 0 && above > histogram[cell]) above -= histogram[cell--];
  const share = histogram[cell] > 0 ? above / histogram[cell] : 0;
  return sum > 0 ? ((cell + 1 - share) * values.length) / (CELLS_A_UNIT * sum) : 0;
}

export const predictionFamily: FeatureFamily = {
  definitions,
  createMeasure(names) {
    const seriesFor = createSeries(REFLECTIONS + 2);
    const roomOf = perWorkspace(createRoom);
    const wanted = wantedOf(names);
    const pass = createPredictionPass(wanted);
    return (analysis, out, offset) => {
      const series = seriesFor(analysis.frameCount);
      const room = roomOf(analysis);
      const count = pass(analysis, series, room);
      const left = momentsOf(room.residual, count, analysis, room.products);
      const singles = [
        activeMean(analysis, series, GAIN_ROW),
        activeDeviation(analysis, series, GAIN_ROW),
        slopeDeviation(analysis, series, GAIN_ROW),
        activeMean(analysis, series, KURTOSIS_ROW),
        activeDeviation(analysis, series, KURTOSIS_ROW),
        left.second > 0 ? abs(left.third / left.second ** 1.5) : 0,
        names.has('residual_peak') ? peakShare(room.residual.subarray(0, count)) : 0,
        wanted.sound ? kurtosisOf(momentsOf(room.speech, count, analysis, room.products)) : 0,
      ];
      for (let i = 0; i < singles.length; i++) out[offset + i] = singles[i];
      for (const k of wanted.reflections) {
        out[offset + singles.length + 2 * k] = activeDeviation(analysis, series, k);
        out[offset + singles.length + 2 * k + 1] = slopeDeviation(analysis, series, k);
      }
    };
  },
};
