import { createFftPlan, type FftPlan } from '../signal/fft-plan';
import { hannWindow } from '../signal/taper';
import type { WindowAnalysis } from './analysis';
import { ANALYSIS_RATE_HZ, HOP_SIZE } from './frame-grid';
import { perWorkspace } from './per-workspace';

const { abs, log2, max } = Math;

/**
 * Fundamental frequency by the autocorrelation of the windowed signal over that of the window, with a
 * least-cost path through the candidates of all frames (Boersma 1993, eqs. 9, 23 to 27), at 5,512.5 Hz.
 */
export const PITCH_RATE_HZ = ANALYSIS_RATE_HZ / 4;
export const LOW_HZ = 60;
export const HIGH_HZ = 500;
const FRAME = 256;
const HOP = HOP_SIZE / 4;
const FFT_SIZE = 512;
const LEAST_LAG = Math.floor(PITCH_RATE_HZ / HIGH_HZ);
const GREATEST_LAG = Math.ceil(PITCH_RATE_HZ / LOW_HZ);
/** Lags that the interpolation reads. */
const LAST_LAG = GREATEST_LAG + 9;
const CANDIDATES = 4;
const SLOTS = CANDIDATES + 1;
const VOICING_THRESHOLD = 0.45;
/** Slightly above Boersma's 0.01: our frames are shorter, and doubled periods more tempting. */
const OCTAVE_COST = 0.015;
/** Share of the loudest frames' amplitude below which silence is likelier than voice. */
const SILENCE_THRESHOLD = 0.03;
/** Boersma's costs are for 10 ms steps; ours are 11.6 ms. */
const STEP_SHARE = (0.01 * ANALYSIS_RATE_HZ) / HOP_SIZE;
const OCTAVE_JUMP_COST = 0.35 * STEP_SHARE;
const VOICING_COST = 0.14 * STEP_SHARE;

export interface PitchTrack {
  frameCount: number;
  /** Hz; 0 where there is no voice. */
  f0: Float32Array;
  /** Height of the autocorrelation's peak, 0..1. */
  strength: Float32Array;
}

interface Candidates {
  /** SLOTS a frame; slot 0 is "no voice" (0 Hz). */
  f0: Float32Array;
  peak: Float32Array;
  score: Float32Array;
}

const HALF_TAPS = halfSampleTaps(8);

/** Hann-windowed sinc at half a sample's distance: reach taps on one side, the other side is their mirror image. */
function halfSampleTaps(reach: number): Float64Array {
  return Float64Array.from({ length: reach }, (_, i) => {
    const d = i + 0.5;
    return (Math.sin(Math.PI * d) / (Math.PI * d)) * (0.5 + 0.5 * Math.cos((Math.PI * d) / reach));
  });
}

/** Value between r[lag] and r[lag + 1]. The autocorrelation is even, so that it continues to the left of 0. */
function halfway(r: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = 0; i < HALF_TAPS.length; i++) sum += HALF_TAPS[i] * (r[abs(lag - i)] + r[lag + 1 + i]);
  return sum;
}

/**
 * Place and height of the peak around the local maximum at `lag`. Values half-way between the samples are
 * interpolated first: a parabola through samples that far apart would favour whole multiples of the period.
 */
function refinePeak(r: Float64Array, lag: number): [lag: number, height: number] {
  const [before, after] = [halfway(r, lag - 1), halfway(r, lag)];
  let [place, a, b, c] = [lag, before, r[lag], after];
  if (before > b && before >= after) [place, a, b, c] = [lag - 0.5, r[lag - 1], before, r[lag]];
  else if (after > b) [place, a, b, c] = [lag + 0.5, r[lag], after, r[lag + 1]];
  const bend = a - 2 * b + c;
  const shift = bend < 0 ? (a - c) / (2 * bend) : 0;
  return [place + shift / 2, b - ((a - c) * shift) / 4];
}

/** Keeps the best CANDIDATES peaks of `r` in slots 1.. of frame t. */
function writeCandidates(r: Float64Array, levelDb: number, candidates: Candidates, t: number): void {
  const base = t * SLOTS;
  candidates.f0.fill(0, base, base + SLOTS);
  candidates.score.fill(-1, base + 1, base + SLOTS);
  candidates.peak[base] = 0;
  const loudness = (10 ** (levelDb / 20) * (1 + VOICING_THRESHOLD)) / SILENCE_THRESHOLD;
  candidates.score[base] = VOICING_THRESHOLD + max(0, 2 - loudness);
  for (let lag = LEAST_LAG; lag <= GREATEST_LAG; lag++) {
    if (!(r[lag] > r[lag - 1] && r[lag] >= r[lag + 1] && r[lag] > 0.2)) continue;
    const [place, height] = refinePeak(r, lag);
    const score = height - OCTAVE_COST * log2((LOW_HZ * place) / PITCH_RATE_HZ);
    let worst = base + 1;
    for (let s = base + 2; s < base + SLOTS; s++)
      if (candidates.score[s] < candidates.score[worst]) worst = s;
    if (score <= candidates.score[worst]) continue;
    candidates.f0[worst] = PITCH_RATE_HZ / place;
    candidates.peak[worst] = Math.min(0.9999, height);
    candidates.score[worst] = score;
  }
}

/** Cost of a step between octaves; no voice is -Infinity. */
function transitionCost(from: number, to: number): number {
  if (from === -Infinity) return to === -Infinity ? 0 : VOICING_COST;
  return to === -Infinity ? VOICING_COST : OCTAVE_JUMP_COST * abs(from - to);
}

/** Viterbi search for the path of greatest score less cost. */
function tracePath(candidates: Candidates, frameCount: number, back: Uint8Array, track: PitchTrack): void {
  let total = new Float64Array(SLOTS);
  let next = new Float64Array(SLOTS);
  let before = new Float64Array(SLOTS);
  let octaves = new Float64Array(SLOTS);
  for (let t = 0; t < frameCount; t++) {
    const base = t * SLOTS;
    for (let s = 0; s < SLOTS; s++) octaves[s] = log2(candidates.f0[base + s]);
    for (let s = 0; s < SLOTS; s++) {
      let best = t === 0 ? 0 : -Infinity;
      for (let p = 0; t > 0 && p < SLOTS; p++) {
        if (candidates.score[base - SLOTS + p] < 0) continue;
        const value = total[p] - transitionCost(before[p], octaves[s]);
        if (value > best) {
          best = value;
          back[base + s] = p;
        }
      }
      next[s] = best + candidates.score[base + s];
    }
    [total, next] = [next, total];
    [before, octaves] = [octaves, before];
  }
  let slot = 0;
  const last = (frameCount - 1) * SLOTS;
  for (let s = 1; s < SLOTS; s++) if (candidates.score[last + s] >= 0 && total[s] > total[slot]) slot = s;
  for (let t = frameCount - 1; t >= 0; t--) {
    track.f0[t] = candidates.f0[t * SLOTS + slot];
    track.strength[t] = candidates.peak[t * SLOTS + slot];
    slot = back[t * SLOTS + slot];
  }
}

interface Room {
  readonly plan: FftPlan;
  readonly power: Float64Array;
  /** Autocorrelations of two frames. */
  readonly rows: readonly [Float64Array, Float64Array];
}

function createRoom({ workspace }: WindowAnalysis): Room {
  const taper = new Float64Array(FFT_SIZE);
  taper.set(hannWindow(FRAME));
  return {
    plan: createFftPlan(workspace, taper),
    power: workspace.float64(FFT_SIZE + 2),
    rows: [workspace.float64(LAST_LAG + 1), workspace.float64(LAST_LAG + 1)],
  };
}

/** Autocorrelation of the taper itself, 1 at lag 0: what a steady sound's falls by. */
function taperCorrelation(): Float64Array {
  const taper = hannWindow(FRAME);
  const products = Float64Array.from({ length: LAST_LAG + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = lag; i < FRAME; i++) sum += taper[i] * taper[i - lag];
    return sum;
  });
  return products.map((value) => value / products[0]);
}

/** Creates the function that hands the normalised autocorrelation of each speech frame to `take`. */
function createAutocorrelator(): (
  analysis: WindowAnalysis,
  take: (r: Float64Array, frame: number) => void,
) => void {
  const roomOf = perWorkspace(createRoom);
  const overTaper = taperCorrelation().map((value) => 1 / value);
  return (analysis, take) => {
    const { workspace, quarter, activeFrames, activeCount } = analysis;
    const { plan, power, rows } = roomOf(analysis);
    const { autocorrelations } = workspace.kernels;
    const addressOf = (t: number): number => quarter.byteOffset + 4 * t * HOP;
    for (let i = 0; i < activeCount; i += 2) {
      const pair = [activeFrames[i], activeFrames[Math.min(i + 1, activeCount - 1)]];
      const [a, b, tables, scratch] = [addressOf(pair[0]), addressOf(pair[1]), plan.tables, plan.scratch];
      const [first, second] = [rows[0].byteOffset, rows[1].byteOffset];
      const room = scratch.byteOffset;
      autocorrelations(
        a,
        b,
        plan.half,
        tables.byteOffset,
        room,
        power.byteOffset,
        first,
        second,
        LAST_LAG + 1,
      );
      for (let lane = 0; lane < Math.min(2, activeCount - i); lane++) {
        const r = rows[lane];
        const whole = r[0];
        const scale = whole > 0 ? 1 / whole : 0;
        for (let lag = 0; lag <= LAST_LAG; lag++) r[lag] *= scale * overTaper[lag];
        take(r, pair[lane]);
      }
    }
  };
}

/** Creates the tracker; its track has one value for each spectral frame, at the same centre. */
export function createPitchTracker(): (analysis: WindowAnalysis) => PitchTrack {
  const autocorrelate = createAutocorrelator();
  let candidates: Candidates = {
    f0: new Float32Array(0),
    peak: new Float32Array(0),
    score: new Float32Array(0),
  };
  let back = new Uint8Array(0);
  const track: PitchTrack = { frameCount: 0, f0: new Float32Array(0), strength: new Float32Array(0) };
  const unvoiced = new Float64Array(LAST_LAG + 1);

  return (analysis) => {
    const { frameCount } = analysis;
    if (track.f0.length < frameCount) {
      const size = frameCount * SLOTS;
      candidates = {
        f0: new Float32Array(size),
        peak: new Float32Array(size),
        score: new Float32Array(size),
      };
      back = new Uint8Array(size);
      track.f0 = new Float32Array(frameCount);
      track.strength = new Float32Array(frameCount);
    }
    track.frameCount = frameCount;
    for (let t = 0; t < frameCount; t++) {
      if (!analysis.active[t]) writeCandidates(unvoiced, analysis.levelDb[t], candidates, t);
    }
    autocorrelate(analysis, (r, t) => writeCandidates(r, analysis.levelDb[t], candidates, t));
    if (frameCount > 0) tracePath(candidates, frameCount, back, track);
    return track;
  };
}
