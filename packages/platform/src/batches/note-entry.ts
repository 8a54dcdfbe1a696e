import type { BatchRef, ItemState, Outcome, Submission } from '@bonafide/contracts';
import { appendEvent } from '../redis/subject-stream';
import { createBatchBoard, type Board, type RoundKey } from '../redis/batch-board';
import type { Upkeep } from '../upkeep/upkeep';
import { roundOfEntry } from './entry-id';
import { stateOfOutcome } from './item-pages';

/** How often those who follow a batch are told how far it is. */
const TOLD_EVERY_MS = 500;

type Live = Pick<Upkeep, 'redis' | 'queues'>;

/** Notes that the analysis of an entry has begun. Nothing happens for one that is of no batch. */
export async function noteEntryBegun(live: Live, submission: Submission): Promise<void> {
  await move(live, submission, { status: 'processing', analysis_id: submission.id });
}

/** Notes the end of an entry, as often as it is told of; with the last one the batch is finished. */
export async function noteEntryEnd(live: Live, submission: Submission, outcome: Outcome): Promise<void> {
  const state = stateOfOutcome(outcome);
  const { reanalysis } = submission;
  const changed = reanalysis && state.status === 'succeeded' && state.verdict !== reanalysis.verdict;
  await move(live, submission, { ...state, changed });
}

async function move({ redis, queues }: Live, submission: Submission, state: ItemState): Promise<void> {
  const { tenant, id, batch_id, item, request_id } = submission;
  if (batch_id === undefined || item === undefined) return;
  const ref = { tenant, batch_id, round: roundOfEntry(id) };
  const board = createBatchBoard(redis);
  const { board: now } = await board.move(ref, item, state);
  if (isOver(now)) await askToFinish(queues, ref, request_id);
  if (await board.isFirst(ref, 'told', TOLD_EVERY_MS)) await tellProgress(redis, ref, now);
}

/** Everything is taken in, and all that was taken in has ended. */
export function isOver({ isExpanded, totals, tallies }: Board): boolean {
  return isExpanded && totals.accepted <= tallies.succeeded + tallies.failed + tallies.canceled;
}

/** Asked for more often than needed: a job that is done with keeps another of its name away, so each has its own. */
export async function askToFinish(
  queues: Upkeep['queues'],
  { tenant, batch_id, round }: RoundKey,
  requestId?: string,
): Promise<void> {
  const jobId = `${batch_id}-${round}-${Date.now()}`;
  await queues.add('batch.finish', jobId, { tenant, batch_id, request_id: requestId });
}

async function tellProgress(
  redis: Upkeep['redis'],
  ref: BatchRef,
  { totals, tallies }: Board,
): Promise<void> {
  const { tenant, batch_id: id } = ref;
  const { succeeded, failed, canceled, processing } = tallies;
  const data = {
    ...{ id, status: 'processing', at: new Date().toISOString() },
    ...{ total: totals.entries, processing, succeeded, canceled },
    ...{ failed: totals.failed + failed, skipped: totals.skipped },
  };
  await appendEvent(redis, { kind: 'batch', tenant, id }, { type: 'batch.progress', data, isLast: false });
}
