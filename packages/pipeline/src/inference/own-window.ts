/** A window that is longer by so little holds nothing that another piece would be worth. */
const SLACK = 1.01;

/**
 * A window of sound as a member wants it: what is too short is repeated until it fills the length (as is usual
 * for detectors of a fixed length), what is too long is cut into the fewest pieces that cover it, evenly placed.
 */
export function piecesOf(samples: Float32Array, length: number): Float32Array[] {
  if (samples.length < length) {
    return [Float32Array.from({ length }, (_, i) => samples[i % samples.length])];
  }
  if (samples.length <= length * SLACK) return [samples.subarray(0, length)];
  const count = Math.ceil(samples.length / length);
  const step = (samples.length - length) / (count - 1);
  return Array.from({ length: count }, (_, piece) => {
    const start = Math.round(piece * step);
    return samples.slice(start, start + length);
  });
}
