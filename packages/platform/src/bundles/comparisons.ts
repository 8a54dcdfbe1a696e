import { LARGEST_KEPT, type AnalysisRef, type ComparisonRecord, type Differences } from '@bonafide/contracts';
import type { ServingRecords } from '../records/serving';

export type LiveComparison = Differences & { since: string; until: string; mean_difference: number | null };
type Pair = { answered: string; shadow: string };
type Difference = Differences['largest'][number];

export const NO_DIFFERENCES: Differences = {
  scored: 0,
  failed: 0,
  missed: 0,
  verdict_changes: 0,
  to_cloned: 0,
  to_authentic: 0,
  decision_changes: 0,
  sum_difference: 0,
  largest: [],
};

/** What all processes have seen of a pair; null where none has seen it. */
export async function readComparison(
  { comparisons }: Pick<ServingRecords, 'comparisons'>,
  pair: Pair,
): Promise<LiveComparison | null> {
  let all: ComparisonRecord | null = null;
  for await (const { doc } of comparisons.list(comparisons.prefixOf(pair))) all = all ? merge(all, doc) : doc;
  if (!all) return null;
  const { format: _format, answered: _answered, shadow: _shadow, process_id: _process, ...live } = all;
  return { ...live, mean_difference: all.scored === 0 ? null : all.sum_difference / all.scored };
}

/** Takes what they say of one analysis out of all that is written. @returns how many documents held it */
export async function forgetDifference(
  { comparisons }: Pick<ServingRecords, 'comparisons'>,
  { tenant, analysis_id }: AnalysisRef,
): Promise<number> {
  let held = 0;
  for await (const { doc } of comparisons.list(comparisons.prefix)) {
    const largest = doc.largest.filter((one) => one.tenant !== tenant || one.analysis_id !== analysis_id);
    if (largest.length === doc.largest.length) continue;
    await comparisons.put({ ...doc, largest });
    held++;
  }
  return held;
}

function merge(a: ComparisonRecord, b: ComparisonRecord): ComparisonRecord {
  return {
    ...a,
    since: a.since < b.since ? a.since : b.since,
    until: a.until > b.until ? a.until : b.until,
    scored: a.scored + b.scored,
    failed: a.failed + b.failed,
    missed: a.missed + b.missed,
    verdict_changes: a.verdict_changes + b.verdict_changes,
    to_cloned: a.to_cloned + b.to_cloned,
    to_authentic: a.to_authentic + b.to_authentic,
    decision_changes: a.decision_changes + b.decision_changes,
    sum_difference: a.sum_difference + b.sum_difference,
    largest: keepLargest([...a.largest, ...b.largest]),
  };
}

/** The list stays short however much is compared. */
export function keepLargest(differences: readonly Difference[]): Difference[] {
  const size = ({ p_fake, shadow_p_fake }: Difference) => Math.abs(p_fake - shadow_p_fake);
  return [...differences].sort((a, b) => size(b) - size(a)).slice(0, LARGEST_KEPT);
}
