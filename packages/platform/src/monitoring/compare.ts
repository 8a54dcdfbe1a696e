import type { DriftComparison, Quantity, RateName, Reference, Sketch } from '@bonafide/contracts';
import { RATE_NAMES } from './sketch';

/** A population stability index above this is a large change (Siddiqi 2006). */
export const PSI_LIMIT = 0.25;
/** Upper 99.9 % point of chi-squared over its degrees of freedom, by those (Wilson and Hilferty 1931). */
const CHI_Z = 3.09;
/** A share of answers has moved when it differs by so much, and more than chance has it (two proportions). */
export const RATE_CHANGE_LIMIT = 0.15;
const RATE_Z = 3.29;
/** Keeps an empty bin from weighing without end. */
const LEAST_SHARE = 1e-3;

/** How what came in is distributed, held against a reference of so many clips. */
export function compareSketch(
  sketch: Sketch,
  reference: Pick<Reference, 'quantities' | 'rates' | 'clips'>,
  against: DriftComparison['against'],
): DriftComparison {
  const quantities = reference.quantities.map((quantity, at) =>
    compareQuantity(sketch.counts[at], quantity, reference.clips),
  );
  const features = quantities.filter(({ kind }) => kind === 'feature');
  const moved = features.filter(({ has_moved }) => has_moved).length;
  return {
    against,
    reference_clips: Math.round(reference.clips),
    quantities,
    features_moved: features.length === 0 ? 0 : moved / features.length,
    rates: Object.fromEntries(
      RATE_NAMES.map((name) => [name, compareRate(sketch, reference, name)]),
    ) as DriftComparison['rates'],
  };
}

function compareQuantity(
  counts: readonly number[],
  { name, kind, shares }: Quantity,
  referenceClips: number,
) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const psi = populationStability(counts, shares);
  const limit = psiLimit(shares.length, total, referenceClips);
  return { name, kind, psi: rounded(psi), ks: rounded(greatestGap(counts, shares)), has_moved: psi > limit };
}

/**
 * Population stability index: sum over the bins of (p - q) ln(p / q). Half a count a bin is added to what came in, so
 * that an empty bin of few counts does not weigh as one of many.
 */
export function populationStability(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const floored = shares.map((share) => Math.max(share, LEAST_SHARE));
  const sum = floored.reduce((all, share) => all + share, 0);
  return counts.reduce((psi, count, bin) => {
    const now = (count + 0.5) / (total + 0.5 * counts.length);
    const was = floored[bin] / sum;
    return psi + (now - was) * Math.log(now / was);
  }, 0);
}

/**
 * From where on an index is a change: PSI_LIMIT, or what chance reaches once in a thousand times where that is more.
 * Without a change the index of B bins is about chi-squared with B - 1 degrees of freedom, times 1/n + 1/m
 * (Yurdakul 2018).
 */
export function psiLimit(bins: number, clips: number, referenceClips: number): number {
  const degrees = Math.max(1, bins - 1);
  const spread = 2 / (9 * degrees);
  const chi = degrees * (1 - spread + CHI_Z * Math.sqrt(spread)) ** 3;
  return Math.max(PSI_LIMIT, chi * (1 / Math.max(clips, 1) + 1 / Math.max(referenceClips, 1)));
}

/** Kolmogorov and Smirnov's statistic at the edges of the bins: the least that it is over all values. */
export function greatestGap(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [now, was, gap] = [0, 0, 0];
  counts.forEach((count, bin) => {
    now += total === 0 ? 0 : count / total;
    was += shares[bin];
    gap = Math.max(gap, Math.abs(now - was));
  });
  return gap;
}

function compareRate(
  { clips, rates }: Sketch,
  reference: Pick<Reference, 'rates' | 'clips'>,
  name: RateName,
) {
  const now = clips === 0 ? 0 : rates[name] / clips;
  const was = reference.rates[name];
  const common = (now * clips + was * reference.clips) / Math.max(1, clips + reference.clips);
  const error = Math.sqrt(
    common * (1 - common) * (1 / Math.max(1, clips) + 1 / Math.max(1, reference.clips)),
  );
  const difference = Math.abs(now - was);
  const hasMoved = difference > RATE_CHANGE_LIMIT && difference > RATE_Z * error;
  return { now: rounded(now), reference: rounded(was), has_moved: hasMoved };
}

const rounded = (value: number) => Number(value.toFixed(4));
