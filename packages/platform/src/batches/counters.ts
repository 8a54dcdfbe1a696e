import type { Counters, Totals } from '@bonafide/contracts';
import type { Board, Tally } from '../redis/batch-board';
import { surveyedEntries, type BatchState } from './batch-state';

export const NO_COUNTERS: Counters = {
  total: 0,
  queued: 0,
  processing: 0,
  succeeded: 0,
  failed: 0,
  skipped: 0,
  canceled: 0,
  cached: 0,
  authentic: 0,
  cloned: 0,
  inconclusive: 0,
  partially_cloned: 0,
  changed: 0,
};

/** What entries that succeeded are counted as besides. */
const MARKS = ['cached', 'authentic', 'cloned', 'inconclusive', 'partially_cloned', 'changed'] as const;
type Mark = (typeof MARKS)[number];

function marksOf(countOf: (mark: Mark) => number): Record<Mark, number> {
  return Object.fromEntries(MARKS.map((mark) => [mark, countOf(mark)])) as Record<Mark, number>;
}

/** The sums of a batch under way: what the rounds before left, and what the board has of this one. */
export function countersOf({ expansion, survey, previous, retry }: BatchState, board: Board): Counters {
  const { tallies } = board;
  if (previous && retry) return addRound(previous.counters, retry.items.length, tallies);
  const totals = expansion ?? board.totals;
  const total = expansion ? expansion.entries : Math.max(surveyedEntries(survey) ?? 0, totals.entries);
  const { processing, succeeded, canceled } = tallies;
  return {
    total,
    queued: waiting(totals, tallies) + (total - totals.entries),
    processing,
    succeeded,
    failed: totals.failed + tallies.failed,
    skipped: totals.skipped,
    canceled,
    ...marksOf((mark) => tallies[mark]),
  };
}

function addRound(before: Counters, retried: number, tallies: Record<Tally, number>): Counters {
  const { processing, succeeded, failed, canceled } = tallies;
  return {
    ...before,
    queued: Math.max(0, retried - processing - succeeded - failed - canceled),
    processing,
    succeeded: before.succeeded + succeeded,
    failed: before.failed - retried + failed,
    canceled: before.canceled + canceled,
    ...marksOf((mark) => before[mark] + tallies[mark]),
  };
}

function waiting({ accepted }: Totals, tallies: Record<Tally, number>): number {
  const { processing, succeeded, failed, canceled } = tallies;
  return Math.max(0, accepted - processing - succeeded - failed - canceled);
}

/** Entries that are taken in and have not ended: zero when a round that is fully taken in is over. */
export function unfinished({ expansion, retry }: BatchState, { totals, tallies }: Board): number {
  const accepted = retry ? retry.items.length : (expansion ?? totals).accepted;
  return accepted - tallies.succeeded - tallies.failed - tallies.canceled;
}
