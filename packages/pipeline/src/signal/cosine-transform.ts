/** Rows of the orthonormal DCT-II: `rows` x `size`, row major. */
export function cosineBasis(rows: number, size: number): Float64Array {
  const basis = new Float64Array(rows * size);
  for (let r = 0; r < rows; r++) {
    const scale = Math.sqrt((r === 0 ? 1 : 2) / size);
    for (let i = 0; i < size; i++) {
      basis[r * size + i] = scale * Math.cos((Math.PI * r * (i + 0.5)) / size);
    }
  }
  return basis;
}
