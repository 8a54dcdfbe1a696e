import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, BIN_HZ, FRAME_SIZE, HOP_SIZE, binOfHz } from './frame-grid';
import type { Series } from './series';
import { createSeriesFamily, type RowSpec } from './series-family';

const { sqrt } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;
const FRAME = FRAME_SIZE;
const HOP = HOP_SIZE;

/**
 * Phase without angles: products of neighbouring bins (or frames) of unit length turn by the group
 * delay (or the instantaneous frequency); the length of their weighted mean says how far they agree
 * (circular statistics, Mardia & Jupp 2000, eq. 2.3.12). Bins weigh by amplitude.
 */
const EDGES_HZ = [200, 1500, 3400, 7000] as const;
const edges = EDGES_HZ.map(binOfHz);
const bandCount = edges.length - 1;
const LEAST_LENGTH = 1e-6;

/** Circular standard deviation in radians of directions whose weighted mean has `length` 0..1. */
export function circularDeviation(length: number): number {
  return sqrt(-2 * Math.log(Math.min(1, Math.max(LEAST_LENGTH, length))));
}

/** Unit products of row bins with those `step` behind; `turn` undoes the advance that the hop itself causes. */
function unitProducts(
  analysis: WindowAnalysis,
  from: { row: number; step: number; turn: Float64Array | null },
  out: { re: Float64Array; im: Float64Array },
): void {
  const { re, im } = analysis;
  for (let k = edges[0]; k < edges[bandCount]; k++) {
    const i = from.row + k;
    const j = i - from.step;
    let x = re[i] * re[j] + im[i] * im[j];
    let y = im[i] * re[j] - re[i] * im[j];
    if (from.turn !== null) {
      const c = from.turn[2 * (k % 4)];
      const s = from.turn[2 * (k % 4) + 1];
      [x, y] = [x * c + y * s, y * c - x * s];
    }
    const length = sqrt(x * x + y * y);
    out.re[k] = length > 0 ? x / length : 0;
    out.im[k] = length > 0 ? y / length : 0;
  }
}

/** The hop advances bin k by 2 pi k HOP / FRAME: with a hop of a quarter frame that repeats every four bins. */
function hopTurns(): Float64Array {
  const turns = new Float64Array(8);
  for (let k = 0; k < 4; k++) {
    turns[2 * k] = Math.cos((2 * Math.PI * k * HOP) / FRAME);
    turns[2 * k + 1] = Math.sin((2 * Math.PI * k * HOP) / FRAME);
  }
  return turns;
}

interface Products {
  re: Float64Array;
  im: Float64Array;
}

function createProducts(): Products {
  return { re: new Float64Array(BINS), im: new Float64Array(BINS) };
}

/** Weighted length of the mean direction in band b. */
function agreement(products: Products, power: Float32Array, row: number, b: number): number {
  let [x, y, total] = [0, 0, 0];
  for (let k = edges[b]; k < edges[b + 1]; k++) {
    const weight = sqrt(power[row + k]);
    x += weight * products.re[k];
    y += weight * products.im[k];
    total += weight;
  }
  return total > 0 ? sqrt(x * x + y * y) / total : 0;
}

/** Weighted mean cosine of the turn between two sets of products in band b, -1..1. */
function steadiness(
  now: Products,
  before: Products,
  power: Float32Array,
  place: { row: number; b: number },
): number {
  let [x, total] = [0, 0];
  for (let k = edges[place.b]; k < edges[place.b + 1]; k++) {
    const weight = sqrt(power[place.row + k]);
    x += weight * (now.re[k] * before.re[k] + now.im[k] * before.im[k]);
    total += weight;
  }
  return total > 0 ? x / total : 0;
}

function createFill(): (analysis: WindowAnalysis, series: Series) => void {
  const turn = hopTurns();
  const delay = createProducts();
  let advance = createProducts();
  let earlier = createProducts();
  return (analysis, series) => {
    const { values, stride } = series;
    for (let t = 0; t < analysis.frameCount; t++) {
      if (!analysis.active[t]) continue;
      const row = t * BINS;
      unitProducts(analysis, { row, step: 1, turn: null }, delay);
      if (t > 0) unitProducts(analysis, { row, step: BINS, turn }, advance);
      for (let b = 0; b < bandCount; b++) {
        values[b * stride + t] = circularDeviation(agreement(delay, analysis.power, row, b));
        values[(bandCount + b) * stride + t] =
          t > 0 ? circularDeviation(agreement(advance, analysis.power, row, b)) : 0;
        const known = t > 1 && analysis.active[t - 1];
        values[(2 * bandCount + b) * stride + t] = known
          ? steadiness(advance, earlier, analysis.power, { row, b })
          : 0;
      }
      [advance, earlier] = [earlier, advance];
    }
  };
}

const KINDS = [
  {
    name: 'group_delay_spread',
    unit: 'rad',
    title: 'Scatter of timing between neighbouring tones',
    definition: 'circular deviation over bins of the phase step from bin to bin',
  },
  {
    name: 'frequency_deviation',
    unit: 'rad',
    title: 'Scatter of pitch between neighbouring tones',
    definition: 'circular deviation over bins of the phase advance from frame to frame less that of the bin',
  },
  {
    name: 'phase_steadiness',
    unit: '1',
    title: 'Steadiness of phase',
    definition: 'mean cosine of the change of phase advance from frame to frame',
  },
] as const;

export const phaseFamily = createSeriesFamily({
  family: 'phase',
  rows: KINDS.flatMap((kind) =>
    Array.from({ length: bandCount }, (_, b): RowSpec => {
      const range = `${EDGES_HZ[b] / 1000} to ${EDGES_HZ[b + 1] / 1000} kHz`;
      return {
        name: `${kind.name}_${b + 1}`,
        unit: kind.unit,
        title: `${kind.title} at ${range}`,
        definition: `${kind.definition}, ${range} (bins of ${BIN_HZ.toFixed(1)} Hz)`,
        help: 'Many synthesisers invent the phase; a throat and a room give it an order of their own.',
        statistics: ['mean', 'std'],
      };
    }),
  ),
  createFill,
});
