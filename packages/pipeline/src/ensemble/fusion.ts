import type { Ensemble, Fusion, Manifest, Platt } from '@bonafide/contracts';
import { logit } from './logit';

/** Scores of one window by member name. */
export type MemberLogits = Readonly<Record<string, number>>;

/** Platt scaling on a logit (Platt 1999, eq. 1, applied to the logit of the raw output). */
export function plattLogit(rawLogit: number, { slope, intercept }: Platt): number {
  return slope * rawLogit + intercept;
}

/** A member's raw output probability to its calibrated logit. */
export function calibratedLogit(rawProbability: number, calibration: Platt): number {
  return plattLogit(logit(rawProbability), calibration);
}

/** Of a clip of one window: fused, then calibrated as what is pooled. */
export function ownLogit(
  members: MemberLogits,
  { fusion, pooling }: Manifest['ensembles'][Ensemble],
): number {
  return plattLogit(fuseLogits(members, fusion), pooling.calibration);
}

/** Logistic-regression fusion of calibrated member logits: intercept + sum of weight * logit. */
export function fuseLogits(members: MemberLogits, fusion: Fusion): number {
  let sum = fusion.intercept;
  for (const name of fusion.members) sum += (fusion.weights[name] ?? 0) * members[name];
  return sum;
}

/** Of each member the mean over the looks at one window, which all name the same members. */
export function meanLogits(looks: readonly MemberLogits[]): MemberLogits {
  const meanOf = (name: string) => looks.reduce((sum, logits) => sum + logits[name], 0) / looks.length;
  return Object.fromEntries(Object.keys(looks[0]).map((name) => [name, meanOf(name)]));
}
