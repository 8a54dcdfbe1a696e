import { createLogAll } from '../signal/fast-log';
import { createRealFft, hannWindow } from '../signal/fft';
import { halve } from '../signal/halve';
import { quantileOfSorted } from '../signal/statistics';
import { fillAboveBandwidth, measureBandwidthBin } from './bandwidth';
import { ACTIVE_RANGE_DB, BIN_COUNT, FLOOR_DB, FRAME_SIZE, HOP_SIZE, frameCountOf } from './frame-grid';

const { log10 } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;
const FRAME = FRAME_SIZE;
const HOP = HOP_SIZE;

/** A window's frames and spectra, computed once and read by every family. Rows are frames. */
export interface WindowAnalysis {
  samples: Float32Array;
  sampleCount: number;
  /** The same at half the rate (11,025 Hz, to about 5.3 kHz) and at a quarter. */
  half: Float32Array;
  halfCount: number;
  quarter: Float32Array;
  quarterCount: number;
  frameCount: number;
  /** Spectrum of each frame, BINS a row, as measured. */
  re: Float32Array;
  im: Float32Array;
  /** Power, floored, and filled above the window's bandwidth. */
  power: Float32Array;
  /** Natural logarithm of `power`. */
  logPower: Float32Array;
  /** Level of each frame in dB, relative to the window's loudest frames. */
  levelDb: Float32Array;
  /** 1 where the frame holds speech. */
  active: Uint8Array;
  /** Frames that hold speech, ascending. */
  activeFrames: Int32Array;
  activeCount: number;
  /** Speech frames whose two neighbours on both sides are speech too: where slopes mean something. */
  steadyFrames: Int32Array;
  steadyCount: number;
  /** Bins above carry no sound of the clip's own. */
  bandwidthBin: number;
}

export type AnalyzeWindow = (samples: Float32Array) => WindowAnalysis;

function emptyAnalysis(frames: number): WindowAnalysis {
  return {
    samples: new Float32Array(0),
    sampleCount: 0,
    half: new Float32Array(0),
    halfCount: 0,
    quarter: new Float32Array(0),
    quarterCount: 0,
    frameCount: 0,
    re: new Float32Array(frames * BINS),
    im: new Float32Array(frames * BINS),
    power: new Float32Array(frames * BINS),
    logPower: new Float32Array(frames * BINS),
    levelDb: new Float32Array(frames),
    active: new Uint8Array(frames),
    activeFrames: new Int32Array(frames),
    activeCount: 0,
    steadyFrames: new Int32Array(frames),
    steadyCount: 0,
    bandwidthBin: BINS - 1,
  };
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
function writeLowRates(analysis: WindowAnalysis): void {
  const { samples } = analysis;
  if (analysis.half.length < samples.length / 2) {
    analysis.half = new Float32Array(Math.ceil(samples.length / 2));
    analysis.quarter = new Float32Array(Math.ceil(analysis.half.length / 2));
  }
  analysis.halfCount = halve(samples, samples.length, analysis.half);
  analysis.quarterCount = halve(analysis.half, analysis.halfCount, analysis.quarter);
}

/** Mean bin power of the loudest frames: what levels and floors refer to, so that gain cancels. */
function referencePower(analysis: WindowAnalysis, framePower: Float64Array): number {
  const sorted = framePower.slice(0, analysis.frameCount).sort();
  return quantileOfSorted(sorted, 0.95) / BINS;
}

/** Refers levels and powers to the loudest frames, marks speech, and fills and floors the spectrum. */
function setLevels(analysis: WindowAnalysis, framePower: Float64Array): void {
  const { frameCount, levelDb, power } = analysis;
  const cells = frameCount * BINS;
  const reference = referencePower(analysis, framePower);
  const scale = reference > 0 ? 1 / reference : 0;
  const floor = 10 ** (-FLOOR_DB / 10);
  for (let t = 0; t < frameCount; t++) {
    levelDb[t] = reference > 0 ? 10 * log10(framePower[t] / BINS / reference + 1e-12) : -120;
  }
  markActive(analysis);
  for (let i = 0; i < cells; i++) power[i] *= scale;
  analysis.bandwidthBin = measureBandwidthBin(analysis);
  fillAboveBandwidth(analysis);
  for (let i = 0; i < cells; i++) if (!(power[i] > floor)) power[i] = floor;
}

/** Creates the front end. Its result is valid until the next call. */
export function createAnalysis(): AnalyzeWindow {
  const fft = createRealFft(FRAME);
  const hann = hannWindow(FRAME);
  const logAll = createLogAll();
  const frame = new Float64Array(FRAME);
  const binRe = new Float64Array(FRAME / 2 + 1);
  const binIm = new Float64Array(FRAME / 2 + 1);
  let analysis = emptyAnalysis(0);
  let framePower = new Float64Array(0);

  function transform(samples: Float32Array, t: number): void {
    for (let i = 0, s = t * HOP; i < FRAME; i++, s++) frame[i] = samples[s] * hann[i];
    fft.forward(frame, binRe, binIm);
    const { re, im, power } = analysis;
    let sum = 0;
    for (let k = 0, row = t * BINS; k < BINS; k++, row++) {
      const x = binRe[k];
      const y = binIm[k];
      const square = x * x + y * y;
      re[row] = x;
      im[row] = y;
      power[row] = square;
      sum += square;
    }
    framePower[t] = sum;
  }

  return (samples) => {
    const frameCount = frameCountOf(samples.length);
    if (analysis.levelDb.length < frameCount) {
      analysis = emptyAnalysis(frameCount);
      framePower = new Float64Array(frameCount);
    }
    analysis.samples = samples;
    analysis.sampleCount = samples.length;
    analysis.frameCount = frameCount;
    writeLowRates(analysis);
    for (let t = 0; t < frameCount; t++) transform(samples, t);
    setLevels(analysis, framePower);
    logAll(analysis.power, analysis.logPower, frameCount * BINS);
    return analysis;
  };
}
