/** Uniform noise in ±1/8, about as loud as speech; the same for the same seed (linear congruence, Knuth 1969). */
export function uniformNoise(length: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32 - 0.5) / 4;
  });
}
