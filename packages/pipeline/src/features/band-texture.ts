import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, binOfHz } from './frame-grid';
import { perWorkspace } from './per-workspace';
import type { Series } from './series';
import { bandAt, inKilohertz } from './family';
import { createSeriesFamily, type RowSpec } from './series-family';

const { log } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

const DB_PER_NEPER = 10 / Math.LN10;
const CONTRAST_EDGES_HZ = [100, 300, 700, 1500, 2900, 5000, 7600] as const;
const FLATNESS_EDGES_HZ = [200, 1200, 2600, 4600, 7600] as const;
const CONTRAST_SHARE = 0.15;
/** Frames that the kernel takes at once. */
const FOUR = 4;

const contrastEdges = CONTRAST_EDGES_HZ.map(binOfHz);
const flatnessEdges = FLATNESS_EDGES_HZ.map(binOfHz);

/**
 * Creates the function that writes the wanted bands' contrast: mean of the highest less that of the lowest
 * `CONTRAST_SHARE` of the bins' log powers, in dB (Jiang et al. 2002).
 */
export function createContrastFill(
  isWanted: (band: number) => boolean = () => true,
): (analysis: WindowAnalysis, series: Series) => void {
  const wanted = Array.from({ length: contrastEdges.length - 1 }, (_, b) => b).filter(isWanted);
  const roomOf = perWorkspace(({ workspace }) => ({
    lists: workspace.float32(8 * BINS),
    sums: workspace.float64(FOUR),
  }));
  return (analysis, series) => {
    const { activeFrames, activeCount, logPower } = analysis;
    const { kernels } = analysis.workspace;
    const { lists, sums } = roomOf(analysis);
    for (const band of wanted) {
      const length = contrastEdges[band + 1] - contrastEdges[band];
      const n = Math.max(1, Math.round(CONTRAST_SHARE * length));
      const rowOf = (i: number): number =>
        logPower.byteOffset + 4 * (activeFrames[Math.min(i, activeCount - 1)] * BINS + contrastEdges[band]);
      for (let i = 0; i < activeCount; i += FOUR) {
        const [a, b, c, d] = [rowOf(i), rowOf(i + 1), rowOf(i + 2), rowOf(i + 3)];
        kernels.contrasts(a, b, c, d, length, n, lists.byteOffset, sums.byteOffset);
        for (let lane = 0; lane < FOUR && i + lane < activeCount; lane++) {
          series.values[band * series.stride + activeFrames[i + lane]] = (DB_PER_NEPER * sums[lane]) / n;
        }
      }
    }
  };
}

function createFlatnessFill(
  isWanted: (band: number) => boolean,
): (analysis: WindowAnalysis, series: Series) => void {
  const wanted = Array.from({ length: flatnessEdges.length - 1 }, (_, b) => b).filter(isWanted);
  return ({ workspace, power, logPower, frameCount }, series) => {
    const { sumOf } = workspace.kernels;
    for (const b of wanted) {
      const n = flatnessEdges[b + 1] - flatnessEdges[b];
      for (let t = 0; t < frameCount; t++) {
        const at = 4 * (t * BINS + flatnessEdges[b]);
        const mean = sumOf(power.byteOffset + at, n) / n;
        series.values[b * series.stride + t] =
          DB_PER_NEPER * (sumOf(logPower.byteOffset + at, n) / n - log(mean));
      }
    }
  };
}

const bandsOf = (edgesHz: readonly number[]) => edgesHz.slice(0, -1).map((_, b) => bandAt(edgesHz, b));

export const contrastFamily = createSeriesFamily({
  family: 'contrast',
  rows: bandsOf(CONTRAST_EDGES_HZ).map((bandHz, b): RowSpec => ({
    name: `contrast_${b + 1}`,
    unit: 'dB',
    title: `Clarity of overtones at ${inKilohertz(bandHz)}`,
    definition: `highest less lowest 15 % of the spectrum in dB at ${inKilohertz(bandHz)}`,
    help: 'Vocoders blur or over-sharpen the valleys between overtones.',
    bandHz,
    statistics: ['mean', 'std', 'delta_std'],
  })),
  createFill: createContrastFill,
});

export const flatnessFamily = createSeriesFamily({
  family: 'flatness',
  rows: bandsOf(FLATNESS_EDGES_HZ).map((bandHz, b): RowSpec => ({
    name: `flatness_${b + 1}`,
    unit: 'dB',
    title: `Noisiness at ${inKilohertz(bandHz)}`,
    definition: `geometric over arithmetic mean of the power at ${inKilohertz(bandHz)}`,
    help: 'The mix of tone and noise in each range is hard for synthesisers to get right.',
    bandHz,
    statistics: ['mean', 'std', 'delta_std'],
  })),
  createFill: createFlatnessFill,
});
