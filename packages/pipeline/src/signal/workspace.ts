import { KERNELS_BASE64 } from './kernels-binary';

type KernelName =
  | 'addPowers'
  | 'addRow'
  | 'agreement'
  | 'autocorrelations'
  | 'centralSums'
  | 'contrasts'
  | 'filterPolyphase'
  | 'frameProducts'
  | 'greatestOf'
  | 'halve'
  | 'lessMean'
  | 'logarithms'
  | 'matchPeriods'
  | 'productOf'
  | 'project'
  | 'prominences'
  | 'residual'
  | 'scaleAbove'
  | 'shapeSums'
  | 'spectra'
  | 'squareRoots'
  | 'steadiness'
  | 'sumOf'
  | 'weighBands';

/**
 * The compiled loops, each described where it is written, in assembly/. Their arguments are counts, and
 * addresses (`byteOffset`) of arrays of the same workspace. A call a frame names its arguments one by one: spread ones
 * cost more than the loop.
 */
export type Kernels = Readonly<Record<KernelName, (...counts: number[]) => number>>;

/** Memory that kernels and program share. Arrays live as long as it does and are zero at first. */
export interface Workspace {
  readonly kernels: Kernels;
  float32(length: number): Float32Array;
  float64(length: number): Float64Array;
  int32(length: number): Int32Array;
  uint32(length: number): Uint32Array;
  uint16(length: number): Uint16Array;
}

/** The little of WebAssembly's interface that is used here; the compiler's own types want a browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: unknown };
};
type Exports = Kernels & { memory: { buffer: ArrayBuffer; grow(pages: number): number } };

const PAGE_BYTES = 65_536;
/** Kernels read and write four numbers at once, past the end of an array. */
const MARGIN_BYTES = 32;
const ALIGNMENT_BYTES = 16;

let compiled: object | undefined;

/** Creates a workspace whose arrays take at most `bytes`, 48 bytes more each. */
export function createWorkspace(bytes: number): Workspace {
  compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(KERNELS_BASE64), (letter) => letter.charCodeAt(0)),
  );
  const exports = new WebAssembly.Instance(compiled).exports as Exports;
  exports.memory.grow(Math.ceil(bytes / PAGE_BYTES));
  const { buffer } = exports.memory;
  let next = buffer.byteLength - Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
  const take = (length: number, itemBytes: number): number => {
    const at = next;
    next += Math.ceil((length * itemBytes + MARGIN_BYTES) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    if (next > buffer.byteLength) throw new RangeError('the workspace is full');
    return at;
  };
  return {
    kernels: exports,
    float32: (length) => new Float32Array(buffer, take(length, 4), length),
    float64: (length) => new Float64Array(buffer, take(length, 8), length),
    int32: (length) => new Int32Array(buffer, take(length, 4), length),
    uint32: (length) => new Uint32Array(buffer, take(length, 4), length),
    uint16: (length) => new Uint16Array(buffer, take(length, 2), length),
  };
}
