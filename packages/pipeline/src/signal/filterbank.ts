/** Triangular filters over spectrum bins, stored sparsely: filter f weighs bins first[f]..first[f]+length-1. */
export interface Filterbank {
  readonly count: number;
  readonly first: Int32Array;
  readonly start: Int32Array;
  readonly weights: Float64Array;
}

export interface FilterbankSpec {
  readonly count: number;
  readonly lowHz: number;
  readonly highHz: number;
  /** Distance between neighbouring bins. */
  readonly binHz: number;
  readonly binCount: number;
}

const LINEAR_HZ_PER_MEL = 200 / 3;
const KNEE_HZ = 1000;
const KNEE_MEL = KNEE_HZ / LINEAR_HZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

/** Slaney's mel scale (Auditory Toolbox, 1998): linear below 1 kHz, logarithmic above. */
export function melOfHz(hz: number): number {
  return hz < KNEE_HZ ? hz / LINEAR_HZ_PER_MEL : KNEE_MEL + Math.log(hz / KNEE_HZ) / LOG_STEP;
}

export function hzOfMel(mel: number): number {
  return mel < KNEE_MEL ? mel * LINEAR_HZ_PER_MEL : KNEE_HZ * Math.exp((mel - KNEE_MEL) * LOG_STEP);
}

/** Triangles between neighbouring `edgesHz` (count + 2 of them), each scaled to an area of 1 Hz. */
function triangles(edgesHz: readonly number[], spec: FilterbankSpec): Filterbank {
  const first = new Int32Array(spec.count);
  const start = new Int32Array(spec.count + 1);
  const weights: number[] = [];
  for (let f = 0; f < spec.count; f++) {
    const [low, centre, high] = [edgesHz[f], edgesHz[f + 1], edgesHz[f + 2]];
    const from = Math.max(0, Math.floor(low / spec.binHz) + 1);
    const to = Math.min(spec.binCount - 1, Math.ceil(high / spec.binHz) - 1);
    first[f] = from;
    for (let k = from; k <= to; k++) {
      const hz = k * spec.binHz;
      const height = Math.min((hz - low) / (centre - low), (high - hz) / (high - centre));
      weights.push((Math.max(0, height) * 2) / (high - low));
    }
    start[f + 1] = weights.length;
  }
  return { count: spec.count, first, start, weights: Float64Array.from(weights) };
}

/** Bank with centres equally spaced on Slaney's mel scale. */
export function melFilterbank(spec: FilterbankSpec): Filterbank {
  const low = melOfHz(spec.lowHz);
  const step = (melOfHz(spec.highHz) - low) / (spec.count + 1);
  const edges = Array.from({ length: spec.count + 2 }, (_, i) => hzOfMel(low + i * step));
  return triangles(edges, spec);
}

/** Bank with centres equally spaced in Hz. */
export function linearFilterbank(spec: FilterbankSpec): Filterbank {
  const step = (spec.highHz - spec.lowHz) / (spec.count + 1);
  const edges = Array.from({ length: spec.count + 2 }, (_, i) => spec.lowHz + i * step);
  return triangles(edges, spec);
}
