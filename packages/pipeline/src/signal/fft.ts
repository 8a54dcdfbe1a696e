/**
 * Discrete Fourier transforms of power-of-two length, radix 2, decimation in time
 * (Cooley & Tukey 1965). Plans hold their tables and scratch space: nothing is allocated per call,
 * and a plan must not be shared between two calls that overlap in time.
 */
export interface RealFft {
  readonly size: number;
  /** Transforms the first `size` samples of `input` into bins 0..size/2 of `re` and `im`. */
  forward(input: ArrayLike<number>, re: Float64Array, im: Float64Array): void;
}

interface Tables {
  readonly reversed: Uint16Array;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

function tablesFor(size: number): Tables {
  const reversed = new Uint16Array(size);
  const bits = Math.log2(size);
  for (let i = 0; i < size; i++) {
    let value = 0;
    for (let b = 0; b < bits; b++) value = (value << 1) | ((i >> b) & 1);
    reversed[i] = value;
  }
  const cos = new Float64Array(size / 2);
  const sin = new Float64Array(size / 2);
  for (let k = 0; k < size / 2; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / size);
    sin[k] = -Math.sin((2 * Math.PI * k) / size);
  }
  return { reversed, cos, sin };
}

/** Butterflies in place over bit-reversed data; the first two stages need no general multiplication. */
function butterflies(re: Float64Array, im: Float64Array, tables: Tables, size: number): void {
  const { cos, sin } = tables;
  for (let i = 0; i < size; i += 2) {
    const a = re[i];
    const b = im[i];
    re[i] = a + re[i + 1];
    im[i] = b + im[i + 1];
    re[i + 1] = a - re[i + 1];
    im[i + 1] = b - im[i + 1];
  }
  for (let half = 2; half < size; half <<= 1) {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0, t = 0; k < half; k++, t += stride) {
        const i = start + k;
        const j = i + half;
        const wr = cos[t];
        const wi = sin[t];
        const xr = re[j] * wr - im[j] * wi;
        const xi = re[j] * wi + im[j] * wr;
        re[j] = re[i] - xr;
        im[j] = im[i] - xi;
        re[i] += xr;
        im[i] += xi;
      }
    }
  }
}

/**
 * Plan for real input of `size` samples (a power of two, 8..65,536). One complex transform of half the
 * length does the work: even samples are its real, odd ones its imaginary part (Sorensen et al. 1987).
 */
export function createRealFft(size: number): RealFft {
  const half = size / 2;
  const tables = tablesFor(half);
  const whole = tablesFor(size);
  const { reversed } = tables;
  const { cos, sin } = whole;
  const zr = new Float64Array(half);
  const zi = new Float64Array(half);

  function forward(input: ArrayLike<number>, re: Float64Array, im: Float64Array): void {
    for (let i = 0; i < half; i++) {
      const j = reversed[i];
      zr[j] = input[2 * i];
      zi[j] = input[2 * i + 1];
    }
    butterflies(zr, zi, tables, half);
    re[0] = zr[0] + zi[0];
    im[0] = 0;
    re[half] = zr[0] - zi[0];
    im[half] = 0;
    for (let k = 1; k < half; k++) {
      const evenRe = (zr[k] + zr[half - k]) / 2;
      const evenIm = (zi[k] - zi[half - k]) / 2;
      const oddRe = (zi[k] + zi[half - k]) / 2;
      const oddIm = (zr[half - k] - zr[k]) / 2;
      const wr = cos[k];
      const wi = sin[k];
      re[k] = evenRe + oddRe * wr - oddIm * wi;
      im[k] = evenIm + oddRe * wi + oddIm * wr;
    }
  }
  return { size, forward };
}
