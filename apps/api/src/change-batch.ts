import { CodedError, type BatchRef } from '@bonafide/contracts';
import {
  askToFinish,
  assertConnected,
  createBatchBoard,
  expandJobId,
  MAX_ROUND,
  readItemPage,
  type BatchState,
} from '@bonafide/platform';
import type { ApiContext } from './context';
import { findBatch } from './read-batch';

/** Has a batch stop: what has ended stays, the rest ends as canceled. @throws CodedError `conflict` */
export async function cancelBatch(context: ApiContext, ref: BatchRef): Promise<void> {
  assertConnected(context.redis);
  const { record, round, end } = await findBatch(context, ref);
  if (end) throw new CodedError('conflict', `The batch has ended as ${end.status}`);
  const { id, tenant } = record;
  const created_at = new Date().toISOString();
  await context.records.batches.cancels.create({ format: 1, id, tenant, round, created_at });
  await createBatchBoard(context.redis).setCanceled({ ...ref, round });
  await askToFinish(context.queues, { ...ref, round }, record.request_id);
}

/**
 * Has what failed tried again, as a further round of the batch: analyses, and entries of a list or a bucket that
 * could not be fetched. An entry that could not be taken out of its archive is not among them: it will not be better.
 * @throws CodedError `conflict` where the batch has not ended or nothing has failed
 */
export async function retryFailed(context: ApiContext, ref: BatchRef): Promise<void> {
  assertConnected(context.redis);
  const { batches } = context.records;
  const batch = await findBatch(context, ref);
  if (!batch.end) throw new CodedError('conflict', 'The batch has not ended');
  const round = batch.round + 1;
  if (round > MAX_ROUND) throw new CodedError('conflict', 'The batch was tried again too often');
  const items = await failedItems(context, batch);
  if (items.length === 0) throw new CodedError('conflict', 'Nothing has failed that could be tried again');
  const { id, tenant } = batch.record;
  const created_at = new Date().toISOString();
  await batches.lists.open(ref);
  const written = await batches.rounds.create({ format: 1, id, tenant, round, created_at, items });
  if (written === 'exists') throw new CodedError('conflict', 'The batch has not ended');
  await context.queues.add('batch.expand', expandJobId(ref, round), { ...ref });
}

async function failedItems(context: ApiContext, batch: BatchState): Promise<number[]> {
  const sources = { records: context.records, board: createBatchBoard(context.redis) };
  const { kind } = batch.record.source;
  const isFetchable = kind === 'list' || kind === 'prefix';
  const items: number[] = [];
  for (const [page, counts] of (batch.end?.pages ?? []).entries()) {
    if (!counts.failed) continue;
    for (const { entry, state } of (await readItemPage(sources, batch, page)) ?? []) {
      const hasFailed = (state?.status ?? entry.state) === 'failed' && entry.reason !== 'deleted';
      if (hasFailed && (state !== null || isFetchable)) items.push(entry.index);
    }
  }
  return items;
}
