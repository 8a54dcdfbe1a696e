/** The all-pole filter that predicts a frame from its past. */
export interface Predictor {
  /** a[1..order] of A(z) = 1 + sum a[i] z^-i. */
  readonly coefficients: Float64Array;
  readonly reflections: Float64Array;
  /** Energy left over energy put in, 0..1. */
  errorShare: number;
}

/** Levinson-Durbin recursion (Makhoul 1975, eq. 38) on autocorrelation r[0..order]; writes to `predictor`. */
export function solvePredictor(r: Float64Array, predictor: Predictor): void {
  const { coefficients: a, reflections } = predictor;
  a.fill(0);
  let error = r[0];
  for (let i = 1; i < r.length; i++) {
    let sum = r[i];
    for (let j = 1; j < i; j++) sum += a[j] * r[i - j];
    const k = error > 0 ? -sum / error : 0;
    reflections[i] = k;
    for (let j = 1; j <= i / 2; j++) {
      const [low, high] = [a[j], a[i - j]];
      a[j] = low + k * high;
      a[i - j] = high + k * low;
    }
    a[i] = k;
    error *= 1 - k * k;
  }
  predictor.errorShare = r[0] > 0 ? error / r[0] : 1;
}

export function createPredictor(order: number): Predictor {
  return {
    coefficients: new Float64Array(order + 1),
    reflections: new Float64Array(order + 1),
    errorShare: 1,
  };
}
