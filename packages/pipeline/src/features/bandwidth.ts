import type { Workspace } from '../signal/workspace';
import { BIN_COUNT, BIN_HZ } from './frame-grid';

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

/** A row a frame. */
interface Spectrum {
  readonly re: Float32Array;
  readonly im: Float32Array;
}

/** The part of a window's analysis that bandwidth is read from and written to. */
interface BandLimited extends Spectrum {
  readonly workspace: Workspace;
  power: Float32Array;
  activeFrames: Int32Array;
  activeCount: number;
  frameCount: number;
  bandwidthBin: number;
}

const BAND_BINS = 6;
const BAND_COUNT = Math.floor(BINS / BAND_BINS);
/** No clip is taken to be narrower than the poorest telephone. */
const LEAST_BAND = Math.floor(2800 / BIN_HZ / BAND_BINS);
/** A band this far below the strongest one is empty whatever lies beside it. */
const EMPTY_DB = 75;
/** An edge is a fall of so much within 400 Hz, after which nothing rises again. */
const EDGE_DB = 18;
const EDGE_BANDS = 3;
/** A filter's slope falls by more than this a band, over at most so many bands. */
const SLOPE_DB = 2.5;
const MOST_SLOPE_BANDS = 6;
/** The fill takes the level of so many bins below the edge. */
const FILL_BINS = 20;
/** Filters fall off over some distance: what lies so close below the edge is already damped. */
const GUARD_BINS = 5;

const bandDb = new Float64Array(BAND_COUNT);
const rooms = new WeakMap<Workspace, Float64Array>();

/** One row of sums for each workspace: several analyses take turns here. */
function sumsIn(workspace: Workspace): Float64Array {
  const known = rooms.get(workspace);
  if (known !== undefined) return known.fill(0);
  const sums = workspace.float64(BINS + 1);
  rooms.set(workspace, sums);
  return sums;
}

function longTermBands(analysis: BandLimited): number {
  const { power } = analysis;
  const { addRow } = analysis.workspace.kernels;
  const sums = sumsIn(analysis.workspace);
  for (let i = 0; i < analysis.activeCount; i++)
    addRow(power.byteOffset + 4 * analysis.activeFrames[i] * BINS, BINS - 1, sums.byteOffset);
  for (let b = 0, k = 0; b < BAND_COUNT; b++) {
    bandDb[b] = 0;
    for (const end = k + BAND_BINS; k < end; k++) bandDb[b] += sums[k];
  }
  let strongest = -Infinity;
  for (let b = 0; b < BAND_COUNT; b++) {
    bandDb[b] = 10 * Math.log10(bandDb[b] / Math.max(1, analysis.activeCount) + 1e-20);
    strongest = Math.max(strongest, bandDb[b]);
  }
  return strongest;
}

/** Where the fall that ends at band `edge` begins: the filter's slope itself is no sound to copy. */
function shoulderBelow(edge: number): number {
  let b = edge;
  while (b > LEAST_BAND && b > edge - MOST_SLOPE_BANDS && bandDb[b - 1] - bandDb[b] > SLOPE_DB) b--;
  return b;
}

/**
 * Highest bin at which the window has sound of its own: the last band within EMPTY_DB of the strongest,
 * or the foot of the lowest steep edge above which all stays at least EDGE_DB - 6 below the level before it.
 */
export function measureBandwidthBin(analysis: BandLimited): number {
  const strongest = longTermBands(analysis);
  let top = BAND_COUNT - 1;
  while (top > LEAST_BAND && bandDb[top] < strongest - EMPTY_DB) top--;
  let highestAbove = -Infinity;
  let edge = top;
  for (let b = top - EDGE_BANDS; b >= LEAST_BAND; b--) {
    highestAbove = Math.max(highestAbove, bandDb[b + EDGE_BANDS]);
    const isEdge = bandDb[b] - bandDb[b + EDGE_BANDS] >= EDGE_DB;
    if (isEdge && bandDb[b] - highestAbove >= EDGE_DB - 6) edge = b;
  }
  if (edge < BAND_COUNT - 1) edge = shoulderBelow(edge);
  return edge >= BAND_COUNT - 1 ? BINS - 1 : (edge + 1) * BAND_BINS - 1;
}

/**
 * Which bin's level the fill gives bin k: above GUARD_BINS below `edge` a triangle wave over the FILL_BINS bins below,
 * down from there and up again; else k itself. `finer`: bins in one of the shared grid's.
 */
export function mirroredBin(k: number, edge: number, finer = 1): number {
  const last = edge - GUARD_BINS * finer;
  if (k <= last) return k;
  const fill = FILL_BINS * finer;
  const step = (k - last - 1) % (2 * fill);
  return last - (step < fill ? step : 2 * fill - 1 - step);
}

/**
 * Gives every bin above the window's bandwidth the level of the highest valid band, frame by frame:
 * the cut-off then shows in no feature. The texture is that of the bins below, mirrored at the edge; the phase is that
 * of noise, which is there in whatever was ever rounded to 16 bits: what a decoder or a resampler has left there instead
 * would tell how the recording was stored.
 */
export function fillAboveBandwidth(analysis: BandLimited, noise: Spectrum): void {
  const edge = analysis.bandwidthBin;
  if (edge >= BINS - 1) return;
  const last = edge - GUARD_BINS;
  const sources = Int32Array.from({ length: BINS }, (_, k) => mirroredBin(k, edge));
  for (let t = 0; t < analysis.frameCount; t++) {
    const row = t * BINS;
    for (let k = last + 1; k < BINS; k++) {
      analysis.power[row + k] = analysis.power[row + sources[k]];
      analysis.re[row + k] = noise.re[row + k];
      analysis.im[row + k] = noise.im[row + k];
    }
  }
}
