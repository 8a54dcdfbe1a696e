import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, BIN_HZ, FRAME_SIZE, HOP_SIZE, binOfHz } from './frame-grid';
import { perWorkspace } from './per-workspace';
import type { Series } from './series';
import { bandAt, inKilohertz } from './family';
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

/**
 * The hop advances bin k by 2 pi k HOP / FRAME: with a hop of a quarter frame that repeats every four bins.
 * Cosines, then sines, for the four bins from `from` on.
 */
function hopTurns(from: number): number[] {
  const angles = [0, 1, 2, 3].map((lane) => (2 * Math.PI * (((from + lane) * HOP) % FRAME)) / FRAME);
  return [...angles.map(Math.cos), ...angles.map(Math.sin)];
}

const turnsFor = () =>
  perWorkspace(({ workspace }) =>
    Array.from({ length: bandCount }, (_, b) => {
      const turns = workspace.float32(8);
      turns.set(hopTurns(edges[b]));
      return turns.byteOffset;
    }),
  );

/** Kinds of phase in the order of their rows: along the bins, along the frames, and its change. */
const [DELAY, ADVANCE, STEADINESS] = [0, 1, 2];

function createFill(isWanted: (row: number) => boolean): (analysis: WindowAnalysis, series: Series) => void {
  const turnsOf = turnsFor();
  const rows = Array.from({ length: 3 * bandCount }, (_, row) => row).filter(isWanted);
  return (analysis, { values, stride }) => {
    const { workspace, re, im, amplitude, active, activeFrames, activeCount } = analysis;
    const { agreement, steadiness } = workspace.kernels;
    const turns = turnsOf(analysis);
    for (const row of rows) {
      const [kind, b] = [Math.floor(row / bandCount), row % bandCount];
      const count = edges[b + 1] - edges[b];
      for (let i = 0; i < activeCount; i++) {
        const t = activeFrames[i];
        const at = 4 * (t * BINS + edges[b]);
        const [x, y, weight] = [re.byteOffset + at, im.byteOffset + at, amplitude.byteOffset + at];
        let value = 0;
        if (kind === DELAY) value = circularDeviation(agreement(x, y, weight, 4, count, 0));
        else if (kind === ADVANCE && t > 0)
          value = circularDeviation(agreement(x, y, weight, 4 * BINS, count, turns[b]));
        else if (kind === STEADINESS && t > 1 && active[t - 1])
          value = steadiness(x, y, weight, 4 * BINS, count);
        values[row * stride + t] = value;
      }
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
      const bandHz = bandAt(EDGES_HZ, b);
      const range = inKilohertz(bandHz);
      return {
        name: `${kind.name}_${b + 1}`,
        unit: kind.unit,
        title: `${kind.title} at ${range}`,
        definition: `${kind.definition}, ${range} (bins of ${BIN_HZ.toFixed(1)} Hz)`,
        help: 'Many synthesisers invent the phase; a throat and a room give it an order of their own.',
        bandHz,
        statistics: ['mean', 'std'],
      };
    }),
  ),
  createFill,
});
