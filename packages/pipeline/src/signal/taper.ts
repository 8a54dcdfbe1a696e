/** Periodic Hann window of `size` samples, 0..1. */
export function hannWindow(size: number): Float64Array {
  const taper = new Float64Array(size);
  for (let i = 0; i < size; i++) taper[i] = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size);
  return taper;
}
