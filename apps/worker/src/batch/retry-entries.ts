import {
  batchRefOf,
  createBatchBoard,
  entryAnalysisId,
  mediaKey,
  recount,
  refOf,
  type BatchState,
} from '@bonafide/platform';
import type { AnalysisRef } from '@bonafide/contracts';
import type { WorkerContext } from '../context';
import { queueEntry } from './keep-entry';

/**
 * A further round for what failed: each entry gets an analysis of its own with the same recording. The one that
 * failed stays as it is.
 */
export async function retryEntries(
  context: WorkerContext,
  batch: BatchState,
  signal: AbortSignal,
): Promise<void> {
  const { records, redis } = context;
  const { record, round, retry } = batch;
  const ref = { ...batchRefOf(record), round };
  const board = createBatchBoard(redis);
  if (!(await board.read(ref)).isWhole) await recount(context, batch);
  for (const index of retry?.items ?? []) {
    signal.throwIfAborted();
    if ((await board.read(ref)).isCanceled) return;
    await retryEntry(context, batch, index);
  }
  await records.batches.lists.open(ref);
}

async function retryEntry(
  context: WorkerContext,
  { record, round }: BatchState,
  index: number,
): Promise<void> {
  const { tenant, id: batchId } = record;
  const refIn = (tried: number) => refOf({ tenant, id: entryAnalysisId(batchId, index, tried) });
  const target = refIn(round);
  if (await context.records.submission(target)) return;
  for (let tried = round - 1; tried >= 0; tried--) {
    const before = await context.records.submission(refIn(tried));
    if (!before) continue;
    await copyMedia(context, refIn(tried), target);
    await queueEntry(context, { ...before, id: target.analysis_id });
    return;
  }
}

/** Where the recording is gone already, the analysis will say so. */
async function copyMedia({ store }: WorkerContext, from: AnalysisRef, to: AnalysisRef): Promise<void> {
  await store.copy(mediaKey(from), mediaKey(to));
}
