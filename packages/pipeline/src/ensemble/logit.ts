/** Probabilities are kept this far from 0 and 1, so that a forest's unanimous vote has a finite logit. */
const FLOOR = 1e-4;

/** ln(p / (1 - p)), for p in 0..1 clamped to FLOOR..1 - FLOOR. */
export function logit(probability: number): number {
  const p = Math.min(1 - FLOOR, Math.max(FLOOR, probability));
  return Math.log(p / (1 - p));
}

/** The inverse of the logit: 0..1. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
