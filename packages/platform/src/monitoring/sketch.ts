import type { Quantity, RateName, Reference, Sketch } from '@bonafide/contracts';

export const RATE_NAMES: readonly RateName[] = ['inconclusive', 'out_of_distribution', 'members_disagree'];

export function emptySketch({ quantities }: Pick<Reference, 'quantities'>): Sketch {
  return {
    clips: 0,
    counts: quantities.map(({ shares }) => shares.map(() => 0)),
    rates: { inconclusive: 0, out_of_distribution: 0, members_disagree: 0 },
  };
}

/** The bin of a value: how many edges it has reached. */
export function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds the counts of others of the same reference; whatever the order, the sum is the same. */
export function mergeSketches(sketches: readonly Sketch[], reference: Pick<Reference, 'quantities'>): Sketch {
  const sum = emptySketch(reference);
  for (const { clips, counts, rates } of sketches) {
    if (!fits(counts, reference.quantities)) continue;
    sum.clips += clips;
    counts.forEach((bins, at) => bins.forEach((count, bin) => (sum.counts[at][bin] += count)));
    for (const name of RATE_NAMES) sum.rates[name] += rates[name];
  }
  return sum;
}

/** Counts of another reference under the same version would be read against the wrong bins. */
function fits(counts: readonly (readonly number[])[], quantities: readonly Quantity[]): boolean {
  return (
    counts.length === quantities.length &&
    counts.every((bins, at) => bins.length === quantities[at].shares.length)
  );
}
