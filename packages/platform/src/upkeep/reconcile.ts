import { inParallel } from '../batches/in-parallel';
import { tendBatches } from '../batches/tend-batches';
import { ANNOUNCED } from '../records/announcements';
import { tenantsOf } from '../records/keys';
import { idFloor, momentOfId } from '../redis/index-keys';
import { createUpkeepMarks } from '../redis/upkeep-marks';
import { requeueDeliveries } from '../webhooks/queue-delivery';
import { mendOpen, type Mended } from './mend-open';
import { indexSettings, placeFound, rebuildIndex } from './rebuild-index';
import { ANALYSES_PREFIX, inChunks, surveyAnalyses, type Found } from './survey';
import type { Upkeep } from './upkeep';

/** What was looked at and what was made good. `indexed`: put into the index that was not in it. */
export type Reconciled = Mended & { indexed: number; batches: number; deliveries: number };

/** A Redis that was killed may have lost its last second; a run may have been late. */
const LOOK_BACK_MS = 600_000;
const CHUNK = 200;
const AT_A_TIME = 16;

/**
 * Compares what was taken in with what is queued and told, and makes good what is missing: work whose job is
 * gone, ends that not all have heard of, and what the index lacks. `recent` looks at what can have changed
 * since the last run, and at everything where Redis has lost its memory.
 */
export async function reconcile(upkeep: Upkeep, scope: 'recent' | 'everything'): Promise<Reconciled> {
  const marks = createUpkeepMarks(upkeep.redis);
  const beganAtMs = Date.now();
  const lookedUntilMs = await marks.lookedUntil('records');
  const isWhole = await marks.isIndexed(indexSettings(upkeep));
  const isRecent = scope === 'recent' && isWhole && lookedUntilMs !== null;
  const indexed = isRecent ? await lookSince(upkeep, lookedUntilMs) : ((await rebuildIndex(upkeep)) ?? 0);
  const mended = await mendOpen(upkeep);
  const batches = await tendBatches(upkeep);
  const where = scope === 'everything' ? 'everywhere' : 'emptied';
  const deliveries = await requeueDeliveries(upkeep, { where });
  await marks.setLookedUntil('records', beganAtMs);
  return { ...mended, indexed, batches, deliveries };
}

/** Analyses taken in lately of which Redis may know nothing. @returns how many that was */
async function lookSince(upkeep: Upkeep, lookedUntilMs: number): Promise<number> {
  const sinceMs = Math.min(lookedUntilMs, await oldestOpenBatchMs(upkeep)) - LOOK_BACK_MS;
  let indexed = 0;
  for (const tenant of await tenantsOf(upkeep.records)) {
    const prefix = `${ANALYSES_PREFIX}${tenant}/`;
    const recent = surveyAnalyses(upkeep.store, prefix, prefix + idFloor(sinceMs));
    for await (const chunk of inChunks(recent, CHUNK)) {
      const unknown = await unknownOf(upkeep, tenant, chunk);
      await inParallel(AT_A_TIME, unknown, (found) => placeFound(upkeep, found, { hasMedia: true }));
      indexed += unknown.length;
    }
  }
  return indexed;
}

/** Those that are missing in the lists, and those under way or untold that nobody looks after. */
async function unknownOf(upkeep: Upkeep, tenant: string, chunk: Found[]): Promise<Found[]> {
  const ids = chunk.map(({ ref }) => ref.analysis_id);
  const { listed, open } = await createUpkeepMarks(upkeep.redis).known(tenant, ids);
  return chunk.filter(({ documents }, place) => {
    if (!documents.has('submission.json')) return false;
    const isDone = documents.has('result.json') && documents.has(ANNOUNCED);
    return !listed[place] || (!isDone && !open[place]);
  });
}

/** Entries of a batch are taken in under ids of the batch's own time. */
async function oldestOpenBatchMs({ records }: Upkeep): Promise<number> {
  let oldestMs = Date.now();
  for await (const { batch_id } of records.batches.lists.opened()) {
    oldestMs = Math.min(oldestMs, momentOfId(batch_id));
  }
  return oldestMs;
}
