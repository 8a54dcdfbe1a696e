/** Gives one logit of the fused classic members for each row. */
export type RowScorer = (rows: readonly Float32Array[]) => Promise<readonly number[]>;

export type Contribution = { index: number; weight: number };

/** What one standard deviation up or down from the training mean does to the logit, one number a feature. */
export type StepEffects = { up: readonly number[]; down: readonly number[] };

/** The rows from which step effects follow: the mean, then each feature a deviation up, then each one down. */
export function stepRows(means: Float32Array, deviations: Float32Array): Float32Array[] {
  const steps = (sign: number) =>
    Array.from(means, (mean, i) => replaced(means, i, mean + sign * deviations[i]));
  return [means, ...steps(1), ...steps(-1)];
}

export function stepEffects([atMean, ...stepped]: readonly number[]): StepEffects {
  const effects = stepped.map((logit) => logit - atMean);
  return { up: effects.slice(0, effects.length / 2), down: effects.slice(effects.length / 2) };
}

/**
 * How much each feature moved the ensemble away from what it says about an average training window.
 *
 * Occlusion from both ends: half of what is lost when the feature alone is set to the training mean, plus half of
 * what is gained when it alone is put into the mean row. These are the first and the last term of the Shapley
 * value's sum over coalitions (Shapley 1953; Strumbelj and Kononenko 2014, eq. 9), where saturation hides least.
 * Each costs two rows of every member, so only the features that may have moved most are tried: those whose
 * deviation, times the effect of one deviation to that side, is largest.
 *
 * @param row the window's features
 * @param standard the same, in standard deviations from the training mean
 * @param means the training means
 * @param isTold which features may be named
 * @param score one batch, 2 * maxFeatures + 2 rows
 * @returns contributions in logits (positive: towards fake), the strongest first
 */
export async function attribute(
  input: {
    row: Float32Array;
    standard: Float32Array;
    means: Float32Array;
    effects: StepEffects;
    maxFeatures: number;
    isTold: (index: number) => boolean;
  },
  score: RowScorer,
): Promise<Contribution[]> {
  const { row, standard, means, effects, maxFeatures, isTold } = input;
  const promise = standard.map((z, i) => Math.abs(z * (z > 0 ? effects.up[i] : effects.down[i])));
  const tried = Array.from(promise, (_, index) => index)
    .filter(isTold)
    .sort((a, b) => promise[b] - promise[a] || a - b)
    .slice(0, maxFeatures);
  const without = tried.map((index) => replaced(row, index, means[index]));
  const alone = tried.map((index) => replaced(means, index, row[index]));
  const [whole, empty, ...rest] = await score([row, means, ...without, ...alone]);
  return tried
    .map((index, i) => ({ index, weight: (whole - rest[i] + rest[tried.length + i] - empty) / 2 }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.index - b.index);
}

function replaced(row: Float32Array, index: number, value: number): Float32Array {
  const copy = row.slice();
  copy[index] = value;
  return copy;
}
