import {
  batchRefOf,
  createBatchBoard,
  entryAnalysisId,
  mediaKey,
  recount,
  refOf,
  type BatchState,
} from '@bonafide/platform';
import type { Submission } from '@bonafide/contracts';
import type { WorkerContext } from '../context';
import { fetchEntryAgain } from './fetch-entry-again';
import { queueEntry } from './keep-entry';

/**
 * A further round for what failed: each entry gets an analysis of its own with the same recording, or with one that
 * is fetched anew. The one that failed stays as it is.
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
  const asked = { ...batch, survey: await records.batches.surveys.get(ref) };
  for (const index of retry?.items ?? []) {
    signal.throwIfAborted();
    const [[state], { isCanceled }] = await Promise.all([board.states(ref, [index]), board.read(ref)]);
    if (state || (await records.submission(targetOf(batch, index)))) continue;
    if (isCanceled) await board.move(ref, index, { status: 'canceled' });
    else await retryEntry(context, asked, index);
  }
  await records.batches.lists.open(ref);
}

const targetOf = ({ record, round }: BatchState, index: number) =>
  refOf({ tenant: record.tenant, id: entryAnalysisId(record.id, index, round) });

async function retryEntry(context: WorkerContext, batch: BatchState, index: number): Promise<void> {
  const { store } = context;
  const target = targetOf(batch, index);
  const before = await lastTried(context, batch, index);
  const copy = (from: Submission) => store.copy(mediaKey(refOf(from)), mediaKey(target));
  if (before && (before.reanalysis || (await copy(before))))
    await queueEntry(context, { ...before, id: target.analysis_id });
  else await fetchEntryAgain(context, batch, index);
}

async function lastTried(
  { records }: WorkerContext,
  { record: { tenant, id: batchId }, round }: BatchState,
  index: number,
): Promise<Submission | null> {
  for (let tried = round - 1; tried >= 0; tried--) {
    const before = await records.submission(refOf({ tenant, id: entryAnalysisId(batchId, index, tried) }));
    if (before) return before;
  }
  return null;
}
