import {
  HISTOGRAM_BINS,
  type BatchEnd,
  type BatchItem,
  type Counters,
  type ResultLine,
  type ScoreChanges,
} from '@bonafide/contracts';
import { batchMediaKey } from '../records/batches';
import { createBatchBoard } from '../redis/batch-board';
import { appendEvent } from '../redis/subject-stream';
import type { Upkeep } from '../upkeep/upkeep';
import { announceOnce } from '../webhooks/announce';
import { batchEvent } from './batch-event';
import { batchRefOf, type BatchState } from './batch-state';
import { leaveOutUnlisted } from './cancel-entries';
import { NO_COUNTERS } from './counters';
import { scrubPages } from './forget-entry';
import { readItemPage, viewItem } from './item-pages';
import { isOver } from './note-entry';
import { recount } from './recount';
import { addScoreChange, roundedChanges } from './score-changes';

/**
 * Writes the end of a batch if it has come, and tells of it. May be called at any time and again: of several calls
 * one writes, and nobody is told twice.
 */
export async function finishBatch(upkeep: Upkeep, batch: BatchState): Promise<'over' | 'not_over'> {
  if (batch.end) {
    await tell(upkeep, batch, batch.end);
    return 'over';
  }
  if (!batch.expansion) return 'not_over';
  const board = createBatchBoard(upkeep.redis);
  const ref = { ...batchRefOf(batch.record), round: batch.round };
  if (!(await board.read(ref)).isWhole) await recount(upkeep, batch);
  const now = await board.read(ref);
  if (!now.isExpanded) {
    const accepted = batch.retry?.items.length ?? batch.expansion.accepted;
    await board.setTotals(ref, { ...batch.expansion, accepted }, 'expanded');
  }
  const isCutShort = batch.round === 0 && (batch.expansion.error ?? now.isCanceled);
  if (isCutShort) await leaveOutUnlisted(upkeep, batch.record, batch.expansion);
  if (!isOver(await board.read(ref))) return 'not_over';
  const { batches } = upkeep.records;
  const end = await writeResults(upkeep, batch);
  await batches.ends.create(end);
  await scrubPages(batches, ref);
  // Of several that came to the end at once, one wrote it: all tell of that one.
  await tell(upkeep, batch, (await batches.ends.get(ref)) ?? end);
  return 'over';
}

async function writeResults(upkeep: Upkeep, batch: BatchState): Promise<BatchEnd> {
  const { records, redis } = upkeep;
  const board = createBatchBoard(redis);
  const { round, expansion, record } = batch;
  const ref = { ...batchRefOf(record), round };
  const { startedAt } = await board.read(ref);
  const sums = emptySums();
  for (let page = 0; ; page++) {
    const entries = await readItemPage({ records, board }, batch, page);
    if (!entries) break;
    const lines = entries.flatMap(({ entry, state }): ResultLine[] =>
      state ? [{ index: entry.index, ...state }] : [],
    );
    await records.batches.results.write(ref, page, lines);
    addPage(sums, entries.map(viewItem));
  }
  const isCanceled = (await records.batches.cancels.get(ref)) !== null;
  return {
    ...{ format: 1, id: record.id, tenant: record.tenant, round },
    status: isCanceled ? 'canceled' : expansion?.error ? 'failed' : 'completed',
    started_at: batch.previous?.started_at ?? startedAt,
    finished_at: new Date().toISOString(),
    error: expansion?.error,
    ...sums,
    changes: sums.changes && roundedChanges(sums.changes),
  };
}

type Sums = {
  counters: Counters;
  changes?: ScoreChanges;
  histogram: number[];
  pages: Record<string, number>[];
};

export function emptySums(): Sums {
  return { counters: { ...NO_COUNTERS }, histogram: new Array<number>(HISTOGRAM_BINS).fill(0), pages: [] };
}

/** Adds a page of entries to the sums of a batch. */
export function addPage(sums: Sums, items: readonly BatchItem[]): void {
  const { counters, histogram, pages } = sums;
  const page: Record<string, number> = {};
  for (const item of items) {
    const { status, reason, verdict, p_fake, decision, cached, changed, partially_cloned } = item;
    counters.total++;
    counters[status]++;
    page[status] = (page[status] ?? 0) + 1;
    // Nobody knows any more what was found in one that is deleted.
    if (status !== 'succeeded' || reason === 'deleted') continue;
    if (cached) counters.cached++;
    if (changed) counters.changed++;
    if (partially_cloned) counters.partially_cloned++;
    sums.changes = addScoreChange(sums.changes, item);
    counters[decision === 'inconclusive' ? 'inconclusive' : verdict === 'CLONED' ? 'cloned' : 'authentic']++;
    histogram[Math.min(HISTOGRAM_BINS - 1, Math.floor((p_fake ?? 0) * HISTOGRAM_BINS))]++;
  }
  pages.push(page);
}

/** Webhooks first: until it leaves the list of open batches, the reconciler calls again. */
async function tell(upkeep: Upkeep, { record }: BatchState, end: BatchEnd): Promise<void> {
  const { records, redis, store } = upkeep;
  const { tenant, id, webhook_url, request_id } = record;
  const ref = batchRefOf(record);
  const event = batchEvent(record, end, upkeep.config.http.linksUrl);
  await announceOnce(upkeep, {
    ...{ tenant, subject: 'batch', id, event },
    webhookUrl: webhook_url,
    requestId: request_id,
  });
  const data = { id, status: end.status, at: end.finished_at, ...end.counters };
  const subject = { kind: 'batch', tenant, id } as const;
  const board = createBatchBoard(redis);
  const isFirst = await board.isFirst({ ...ref, round: end.round }, 'ended', 3_600_000);
  if (isFirst) await appendEvent(redis, subject, { type: `batch.${end.status}`, data, isLast: true });
  await store.remove(batchMediaKey(ref));
  await board.forget({ ...ref, round: end.round });
  await records.batches.lists.close(ref);
}
