/** `npm test` runs these suites in short; `npm run test:faults` sets FAULTS=full. */
export const isFull = process.env.FAULTS === 'full';

export const scaled = (inShort: number, inFull: number): number => (isFull ? inFull : inShort);

/** Mulberry32: the same seed gives the same faults. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
