import { createFftPlan, type FftPlan } from '../signal/fft-plan';
import { hannWindow } from '../signal/taper';
import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, BIN_HZ } from './frame-grid';
import { perWorkspace } from './per-workspace';

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

const CEPSTRUM_BINS = 256;
const QUEFRENCY_RATE_HZ = CEPSTRUM_BINS * BIN_HZ;
const PEAK_FROM = Math.ceil(QUEFRENCY_RATE_HZ / 333);
const PEAK_TO = Math.floor(QUEFRENCY_RATE_HZ / 60);
const LINE_FROM = 6;
const LINE_TO = 120;
const QUEFRENCIES = LINE_TO + 1;

const POWER_FLOOR = 1e-12;
const DB_PER_NEPER = 10 / Math.LN10;

interface Room {
  readonly plan: FftPlan;
  /** Log spectra of the speech frames less their mean, one after another. */
  readonly rows: Float32Array;
  readonly power: Float32Array;
  readonly sums: Float64Array;
}

function createRoom({ workspace, levelDb }: WindowAnalysis): Room {
  const frames = levelDb.length;
  return {
    plan: createFftPlan(workspace, hannWindow(CEPSTRUM_BINS)),
    rows: workspace.float32(frames * CEPSTRUM_BINS),
    power: workspace.float32(frames * QUEFRENCIES),
    sums: workspace.float64(frames + 1),
  };
}

/** Height in dB of the peak of one row of log powers over its regression line. */
function prominence(logs: Float32Array, row: number): number {
  let [peak, place, xy, ySum] = [-Infinity, 0, 0, 0];
  const centre = (LINE_FROM + LINE_TO) / 2;
  const n = LINE_TO - LINE_FROM + 1;
  for (let m = LINE_FROM; m <= LINE_TO; m++) {
    const level = DB_PER_NEPER * logs[row + m];
    xy += (m - centre) * level;
    ySum += level;
    if (m >= PEAK_FROM && m <= PEAK_TO && level > peak) [peak, place] = [level, m];
  }
  const slope = (12 * xy) / (n * (n * n - 1));
  return peak - (ySum / n + slope * (place - centre));
}

/** Cepstral peak prominence (Hillenbrand et al. 1994) of each speech frame, from the spectrum to 5.5 kHz. */
export function createProminence(): (analysis: WindowAnalysis) => number[] {
  const roomOf = perWorkspace(createRoom);
  return (analysis) => {
    const { workspace, logPower, activeFrames, activeCount } = analysis;
    const { kernels } = workspace;
    const { plan, rows, power, sums } = roomOf(analysis);
    for (let i = 0; i < activeCount; i++) {
      const from = activeFrames[i] * BINS;
      const mean = kernels.sumOf(logPower.byteOffset + 4 * from, CEPSTRUM_BINS) / CEPSTRUM_BINS;
      for (let k = 0, to = i * CEPSTRUM_BINS; k < CEPSTRUM_BINS; k++)
        rows[to + k] = logPower[from + k] - mean;
    }
    kernels.spectra(
      ...[rows.byteOffset, activeCount, CEPSTRUM_BINS, plan.half, QUEFRENCIES, plan.tables.byteOffset],
      ...[plan.scratch.byteOffset, 0, 0, power.byteOffset, sums.byteOffset],
    );
    const cells = activeCount * QUEFRENCIES;
    kernels.scaleAbove(power.byteOffset, cells, 1, POWER_FLOOR);
    kernels.logarithms(power.byteOffset, cells, power.byteOffset);
    return Array.from({ length: activeCount }, (_, i) => prominence(power, i * QUEFRENCIES));
  };
}
