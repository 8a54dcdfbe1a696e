import type { BatchRef } from '@bonafide/contracts';
import { createBatchBoard } from '../redis/batch-board';
import type { Upkeep } from '../upkeep/upkeep';
import { batchRefOf, readBatchState, type BatchState } from './batch-state';
import { cancelEntries } from './cancel-entries';
import { entryAnalysisId } from './entry-id';
import { finishBatch } from './finish-batch';
import { recount } from './recount';

/**
 * Sees to every batch that has not ended: one that nobody takes in is put into the queue again, one that was lost
 * with Redis is counted again, one whose last entry has ended is finished. Its analyses are seen to by themselves.
 * @returns how many were put into the queue
 */
export async function tendBatches(upkeep: Upkeep): Promise<number> {
  let queued = 0;
  for await (const ref of upkeep.records.batches.lists.opened()) {
    const batch = await readBatchState(upkeep.records.batches, ref);
    if (!batch) await upkeep.records.batches.lists.close(ref);
    else if (await tend(upkeep, batch)) queued++;
  }
  return queued;
}

async function tend(upkeep: Upkeep, batch: BatchState): Promise<boolean> {
  const ref = { ...batchRefOf(batch.record), round: batch.round };
  const board = createBatchBoard(upkeep.redis);
  if (!batch.end && !(await board.read(ref)).isWhole) await recount(upkeep, batch);
  const isCanceled = !batch.end && (await board.read(ref)).isCanceled;
  if (isCanceled && batch.expansion) await cancelEntries(upkeep, batch);
  const isTakenIn = batch.expansion !== null && (batch.round === 0 || (await isRoundTakenIn(upkeep, batch)));
  if (isTakenIn) {
    await finishBatch(upkeep, batch);
    return false;
  }
  return expandAgain(upkeep, ref, batch.round);
}

/** A round makes its analyses in order: when the last is there, all are. */
async function isRoundTakenIn({ records }: Upkeep, { retry, record, round }: BatchState): Promise<boolean> {
  const last = retry?.items.at(-1);
  if (last === undefined) return true;
  const analysis_id = entryAnalysisId(record.id, last, round);
  return (await records.submission({ tenant: record.tenant, analysis_id })) !== null;
}

/** The job that takes a batch in; one of its id that is over, however it ended, stands in nobody's way. */
async function expandAgain({ queues }: Upkeep, ref: BatchRef, round: number): Promise<boolean> {
  const jobId = expandJobId(ref, round);
  const job = await queues.of('batches').getJob(jobId);
  const state = await job?.getState();
  if (state === 'completed' || state === 'failed') await job?.remove();
  else if (state !== undefined && state !== 'unknown') return false;
  await queues.add('batch.expand', jobId, { tenant: ref.tenant, batch_id: ref.batch_id });
  return true;
}

export const expandJobId = ({ batch_id }: BatchRef, round: number) => `${batch_id}-${round}`;
