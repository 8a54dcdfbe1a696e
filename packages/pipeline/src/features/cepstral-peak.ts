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

/** Cepstral peak prominence (Hillenbrand et al. 1994) of each speech frame, from the spectrum to 5.5 kHz. */
export function createProminence(): (analysis: WindowAnalysis) => Float64Array {
  const roomOf = perWorkspace(createRoom);
  return (analysis) => {
    const { workspace, logPower, activeFrames, activeCount } = analysis;
    const { kernels } = workspace;
    const { plan, rows, power, sums } = roomOf(analysis);
    for (let i = 0; i < activeCount; i++) {
      const from = logPower.byteOffset + 4 * activeFrames[i] * BINS;
      kernels.lessMean(from, CEPSTRUM_BINS, rows.byteOffset + 4 * i * CEPSTRUM_BINS);
    }
    kernels.spectra(
      ...[rows.byteOffset, activeCount, CEPSTRUM_BINS, plan.half, QUEFRENCIES, plan.tables.byteOffset],
      ...[plan.scratch.byteOffset, 0, 0, power.byteOffset, sums.byteOffset],
    );
    const cells = activeCount * QUEFRENCIES;
    kernels.scaleAbove(power.byteOffset, cells, 1, POWER_FLOOR);
    kernels.logarithms(power.byteOffset, cells, power.byteOffset);
    kernels.prominences(
      ...[power.byteOffset, activeCount, QUEFRENCIES, LINE_FROM, LINE_TO, PEAK_FROM, PEAK_TO],
      sums.byteOffset,
    );
    return sums.subarray(0, activeCount).map((height) => DB_PER_NEPER * height);
  };
}
