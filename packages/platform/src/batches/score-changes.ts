import type { BatchItem, ScoreChanges } from '@bonafide/contracts';

const NONE: ScoreChanges = {
  compared: 0,
  to_inconclusive: 0,
  to_conclusive: 0,
  mean_difference: 0,
  largest_difference: 0,
};

/** With one more item, where it has a result before and after. */
export function addScoreChange(
  before: ScoreChanges | undefined,
  { original, p_fake, decision }: BatchItem,
): ScoreChanges | undefined {
  if (p_fake === null || typeof original?.p_fake !== 'number') return before;
  const changes = before ?? NONE;
  const compared = changes.compared + 1;
  const difference = Math.abs(p_fake - original.p_fake);
  const hasMoved = (from: string, to: string) => Number(original.decision === from && decision === to);
  return {
    compared,
    to_inconclusive: changes.to_inconclusive + hasMoved('conclusive', 'inconclusive'),
    to_conclusive: changes.to_conclusive + hasMoved('inconclusive', 'conclusive'),
    mean_difference: changes.mean_difference + (difference - changes.mean_difference) / compared,
    largest_difference: Math.max(changes.largest_difference, difference),
  };
}

/** As many decimals as `p_fake` has. */
export function roundedChanges(changes: ScoreChanges): ScoreChanges {
  const rounded = (value: number) => Number(value.toFixed(6));
  const { mean_difference, largest_difference } = changes;
  return {
    ...changes,
    mean_difference: rounded(mean_difference),
    largest_difference: rounded(largest_difference),
  };
}
