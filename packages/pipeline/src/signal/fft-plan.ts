import type { Workspace } from './workspace';

/** What the kernels need to transform frames of `size` real samples, two at once. */
export interface FftPlan {
  /** Half the frame: the length of the complex transform that does the work. */
  readonly half: number;
  /** Addresses of taper, places, twiddles and turns. */
  readonly tables: Uint32Array;
  readonly scratch: Float64Array;
}

const CELL_DOUBLES = 4;

/** Bytes that a plan takes of its workspace. */
export function planBytes(size: number): number {
  return size * (8 + 8 + 16 + 12) + 1024;
}

function reversedPlaces(places: Uint16Array): void {
  const bits = Math.log2(places.length);
  for (let i = 0; i < places.length; i++) {
    let place = 0;
    for (let b = 0; b < bits; b++) place = (place << 1) | ((i >> b) & 1);
    places[i] = place;
  }
}

/** Factors of each pass in the order in which the kernel reads them. */
function twiddlesOf(length: number): number[] {
  const factors: number[] = [];
  const add = (share: number): void => {
    factors.push(Math.cos(2 * Math.PI * share), -Math.sin(2 * Math.PI * share));
  };
  let half = 4;
  for (; half * 4 <= length; half *= 4) {
    for (let k = 0; k < half; k++) {
      for (const share of [k / (2 * half), k / (4 * half), (3 * k) / (4 * half)]) add(share);
    }
  }
  if (half * 2 <= length) for (let k = 0; k < half; k++) add(k / (2 * half));
  return factors;
}

/** @param taper as long as a frame: a power of two, 16 to 4,096 */
export function createFftPlan(workspace: Workspace, taper: Float64Array): FftPlan {
  const size = taper.length;
  const half = size / 2;
  // Halved once here instead of twice in every bin.
  const halved = workspace.float64(size);
  halved.set(taper.map((value) => value / 2));
  const places = workspace.uint16(half);
  reversedPlaces(places);
  const factors = twiddlesOf(half);
  const twiddles = workspace.float64(factors.length);
  twiddles.set(factors);
  const turns = workspace.float64(size + 2);
  for (let k = 0; k <= half; k++) {
    turns[2 * k] = Math.cos((2 * Math.PI * k) / size);
    turns[2 * k + 1] = -Math.sin((2 * Math.PI * k) / size);
  }
  const tables = workspace.uint32(4);
  tables.set([halved.byteOffset, places.byteOffset, twiddles.byteOffset, turns.byteOffset]);
  return { half, tables, scratch: workspace.float64((half + 1) * CELL_DOUBLES) };
}
