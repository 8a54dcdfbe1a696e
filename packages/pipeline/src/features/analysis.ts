import { createFftPlan, type FftPlan, planBytes } from '../signal/fft-plan';
import { HALF_BAND_TAPS } from '../signal/half-band';
import { uniformNoise } from '../signal/noise';
import { hannWindow } from '../signal/taper';
import { quantileOfSorted } from '../signal/statistics';
import { createWorkspace, type Workspace } from '../signal/workspace';
import { fillAboveBandwidth, measureBandwidthBin } from './bandwidth';
import { ACTIVE_RANGE_DB, BIN_COUNT, FLOOR_DB, FRAME_SIZE, HOP_SIZE, frameCountOf } from './frame-grid';

const { log10 } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;
const FRAME = FRAME_SIZE;
const HOP = HOP_SIZE;

/** A window's frames and spectra, computed once and read by every family. Rows are frames. */
export interface WindowAnalysis {
  /** Where the arrays below lie, all but the marks of frames; also room for the families' own. */
  readonly workspace: Workspace;
  readonly samples: Float32Array;
  sampleCount: number;
  /** The same at half the rate (11,025 Hz, to about 5.3 kHz) and at a quarter. */
  readonly half: Float32Array;
  halfCount: number;
  readonly quarter: Float32Array;
  quarterCount: number;
  frameCount: number;
  /** Spectrum of each frame, BINS a row; above the window's bandwidth that of noise. */
  readonly re: Float32Array;
  readonly im: Float32Array;
  /** Power, floored, and filled above the window's bandwidth. */
  readonly power: Float32Array;
  /** Square root and natural logarithm of `power`. */
  readonly amplitude: Float32Array;
  readonly logPower: Float32Array;
  /** Level of each frame in dB, relative to the window's loudest frames. */
  readonly levelDb: Float32Array;
  /** 1 where the frame holds speech. */
  readonly active: Uint8Array;
  /** Frames that hold speech, ascending. */
  readonly activeFrames: Int32Array;
  activeCount: number;
  /** Speech frames whose two neighbours on both sides are speech too: where slopes mean something. */
  readonly steadyFrames: Int32Array;
  steadyCount: number;
  /** Bins above carry no sound of the clip's own. */
  bandwidthBin: number;
}

export type AnalyzeWindow = (samples: Float32Array) => WindowAnalysis;

/** What all families together may take of the workspace, and of it for each frame. */
const FAMILY_BYTES = 256 * 1024;
const FAMILY_FRAME_BYTES = 4096;
const ROW_ARRAYS = 7;

interface FrontEnd {
  readonly analysis: WindowAnalysis;
  /** What a window of nothing but noise would have as its spectrum. */
  readonly noise: Pick<WindowAnalysis, 're' | 'im'>;
  readonly plan: FftPlan;
  readonly taps: Float64Array;
  readonly odd: Float64Array;
  readonly framePower: Float64Array;
}

/** Room for windows of up to `sampleCount` samples. */
function createFrontEnd(sampleCount: number): FrontEnd {
  const frames = frameCountOf(sampleCount);
  const bytes =
    frames * (ROW_ARRAYS * 4 * BINS + FAMILY_FRAME_BYTES + 16) + 4 * 3 * sampleCount + planBytes(FRAME);
  const workspace = createWorkspace(bytes + FAMILY_BYTES);
  const rows = (): Float32Array => workspace.float32(frames * BINS);
  const taps = workspace.float64(HALF_BAND_TAPS.length);
  taps.set(HALF_BAND_TAPS);
  const analysis: WindowAnalysis = {
    workspace,
    samples: workspace.float32(sampleCount),
    sampleCount: 0,
    half: workspace.float32(Math.ceil(sampleCount / 2)),
    halfCount: 0,
    quarter: workspace.float32(Math.ceil(sampleCount / 4)),
    quarterCount: 0,
    frameCount: 0,
    re: rows(),
    im: rows(),
    power: rows(),
    amplitude: rows(),
    logPower: rows(),
    levelDb: new Float32Array(frames),
    active: new Uint8Array(frames),
    activeFrames: new Int32Array(frames),
    activeCount: 0,
    steadyFrames: new Int32Array(frames),
    steadyCount: 0,
    bandwidthBin: BINS - 1,
  };
  const front = {
    analysis,
    noise: { re: rows(), im: rows() },
    plan: createFftPlan(workspace, hannWindow(FRAME)),
    taps,
    odd: workspace.float64(Math.ceil(sampleCount / 2) + 3 * taps.length),
    framePower: workspace.float64(frames + 1),
  };
  writeNoise(front, sampleCount);
  return front;
}

function writeNoise(front: FrontEnd, sampleCount: number): void {
  const { analysis, noise } = front;
  setSamples(analysis, uniformNoise(sampleCount));
  writeSpectra(front);
  noise.re.set(analysis.re);
  noise.im.set(analysis.im);
}

function setSamples(analysis: WindowAnalysis, samples: Float32Array): void {
  analysis.samples.set(samples);
  analysis.sampleCount = samples.length;
  analysis.frameCount = frameCountOf(samples.length);
}

/** Marks speech frames and those in the midst of speech. */
function markActive(analysis: WindowAnalysis): void {
  const { frameCount, levelDb, active } = analysis;
  analysis.activeCount = 0;
  analysis.steadyCount = 0;
  for (let t = 0; t < frameCount; t++) {
    active[t] = levelDb[t] > -ACTIVE_RANGE_DB ? 1 : 0;
    if (active[t]) analysis.activeFrames[analysis.activeCount++] = t;
  }
  for (let t = 2; t < frameCount - 2; t++) {
    if (active[t - 2] & active[t - 1] & active[t] & active[t + 1] & active[t + 2]) {
      analysis.steadyFrames[analysis.steadyCount++] = t;
    }
  }
}

/** Fills the low-rate copies. */
function writeLowRates({ analysis, taps, odd }: FrontEnd): void {
  const { workspace, samples, half, quarter, sampleCount } = analysis;
  const halve = (from: Float32Array, count: number, to: Float32Array): number => {
    const length = Math.ceil(count / 2);
    const filter = [taps.byteOffset, taps.length, odd.byteOffset] as const;
    workspace.kernels.halve(from.byteOffset, count, ...filter, to.byteOffset, length);
    return length;
  };
  analysis.halfCount = halve(samples, sampleCount, half);
  analysis.quarterCount = halve(half, analysis.halfCount, quarter);
}

function writeSpectra({ analysis, plan, framePower }: FrontEnd): void {
  const { workspace, samples, frameCount, re, im, power } = analysis;
  const { half, tables, scratch } = plan;
  workspace.kernels.spectra(
    ...[samples.byteOffset, frameCount, HOP, half, BINS, tables.byteOffset, scratch.byteOffset],
    ...[re.byteOffset, im.byteOffset, power.byteOffset, framePower.byteOffset],
  );
}

/** Mean bin power of the loudest frames: what levels and floors refer to, so that gain cancels. */
export function referencePower(framePower: Float64Array, frameCount: number, bins: number): number {
  return quantileOfSorted(framePower.slice(0, frameCount).sort(), 0.95) / bins;
}

/** Refers levels and powers to the loudest frames, marks speech, and fills and floors the spectrum. */
function setLevels({ analysis, framePower, noise }: FrontEnd): void {
  const { frameCount, levelDb, power, amplitude, logPower, workspace } = analysis;
  const { kernels } = workspace;
  const cells = frameCount * BINS;
  const reference = referencePower(framePower, frameCount, BINS);
  for (let t = 0; t < frameCount; t++) {
    levelDb[t] = reference > 0 ? 10 * log10(framePower[t] / BINS / reference + 1e-12) : -120;
  }
  markActive(analysis);
  kernels.scaleAbove(power.byteOffset, cells, reference > 0 ? 1 / reference : 0, 0);
  analysis.bandwidthBin = measureBandwidthBin(analysis);
  fillAboveBandwidth(analysis, noise);
  kernels.scaleAbove(power.byteOffset, cells, 1, 10 ** (-FLOOR_DB / 10));
  kernels.squareRoots(power.byteOffset, cells, amplitude.byteOffset);
  kernels.logarithms(power.byteOffset, cells, logPower.byteOffset);
}

/** Creates the front end. Its result is valid until the next call. */
export function createAnalysis(): AnalyzeWindow {
  let front = createFrontEnd(0);
  return (samples) => {
    if (front.analysis.samples.length < samples.length) front = createFrontEnd(samples.length);
    const { analysis } = front;
    setSamples(analysis, samples);
    writeLowRates(front);
    writeSpectra(front);
    setLevels(front);
    return analysis;
  };
}
