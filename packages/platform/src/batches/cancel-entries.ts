import type { BatchRef, Outcome } from '@bonafide/contracts';
import { refOf } from '../records/analyses';
import { createBatchBoard } from '../redis/batch-board';
import { announceEnd } from '../upkeep/announce-end';
import type { Upkeep } from '../upkeep/upkeep';
import { batchRefOf, type BatchState } from './batch-state';
import { inParallel } from './in-parallel';
import { readItemPage } from './item-pages';

const AT_A_TIME = 8;

/** Ends every analysis of a batch that has not ended, as canceled. One that ends first stays as it ended. */
export async function cancelEntries(upkeep: Upkeep, batch: BatchState): Promise<void> {
  const sources = { records: upkeep.records, board: createBatchBoard(upkeep.redis) };
  const ref = batchRefOf(batch.record);
  for (let page = 0; ; page++) {
    const entries = await readItemPage(sources, batch, page);
    if (!entries) return;
    const open = entries.flatMap(({ state }) =>
      state?.status === 'queued' || state?.status === 'processing' ? [state.analysis_id] : [],
    );
    await inParallel(AT_A_TIME, open, (id) => cancelEntry(upkeep, ref, id));
  }
}

async function cancelEntry(upkeep: Upkeep, { tenant }: BatchRef, id: string): Promise<void> {
  const { records, queues } = upkeep;
  const submission = await records.submission(refOf({ tenant, id }));
  if (!submission) return;
  const finished_at = new Date().toISOString();
  const outcome: Outcome = { format: 1, id, tenant, started_at: null, finished_at, status: 'canceled' };
  const written = await records.createOutcome(outcome);
  const standing = written === 'created' ? outcome : await records.outcome(refOf(submission));
  if (standing) await announceEnd(upkeep, submission, standing);
  // One that is being worked on cannot be taken out; its worker finds the end there.
  await queues
    .of('bulk')
    .remove(id)
    .catch(() => 0);
}
