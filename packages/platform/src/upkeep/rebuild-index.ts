import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '@bonafide/contracts';
import { inParallel } from '../batches/in-parallel';
import { ANNOUNCED } from '../records/announcements';
import { assertConnected, KEY_PREFIX } from '../redis/connections';
import { memberOf } from '../redis/index-keys';
import { createUpkeepMarks } from '../redis/upkeep-marks';
import { mediaDueMs } from './announce-end';
import { inChunks, surveyAnalyses, type Found } from './survey';
import type { Upkeep } from './upkeep';

const CHUNK = 200;
const AT_A_TIME = 16;
const LOCK_KEY = `${KEY_PREFIX}:indexing`;
/** A process that dies over it keeps the others away for no longer. */
const LOCK_SEC = 30;
const POLL_MS = 100;
const LONG_AGO_MS = 0;

/** Which lists it has: of another number when there are others, so that what is stored gets into them. */
const LISTS = 2;

/** What the index was made under: when that changes, it is made again. */
export const indexSettings = ({ config }: Pick<Upkeep, 'config'>) => `${LISTS} ${config.retention}`;

/**
 * Waits until the index is whole, and makes it again from the records where Redis has lost it and nobody else
 * is at it. @throws CodedError `unavailable` when it takes longer than that
 */
export async function ensureIndexed(upkeep: Upkeep, patienceMs: number): Promise<void> {
  const marks = createUpkeepMarks(upkeep.redis);
  const settings = indexSettings(upkeep);
  if (await marks.isIndexed(settings)) return;
  const making = rebuildIndex(upkeep).catch((error: unknown) => {
    upkeep.log.warn({ err: error }, 'the index could not be made again');
  });
  const deadlineMs = Date.now() + patienceMs;
  await Promise.race([making, sleep(patienceMs, undefined, { ref: false })]);
  while (!(await marks.isIndexed(settings))) {
    if (Date.now() > deadlineMs) throw new CodedError('unavailable', 'The index is being made again');
    await sleep(POLL_MS);
  }
}

/** Makes the index from the records, unless another process is at it. @returns how many analyses it holds, or null */
export async function rebuildIndex(upkeep: Upkeep): Promise<number | null> {
  const { redis, store, log } = upkeep;
  assertConnected(redis);
  if ((await redis.set(LOCK_KEY, process.pid, 'EX', LOCK_SEC, 'NX')) === null) return null;
  try {
    const kept = new Set<string>();
    for await (const { key } of store.list('media/')) kept.add(key.slice('media/'.length));
    let count = 0;
    for await (const chunk of inChunks(surveyAnalyses(store), CHUNK)) {
      await redis.expire(LOCK_KEY, LOCK_SEC);
      await inParallel(AT_A_TIME, chunk, (found) =>
        placeFound(upkeep, found, { hasMedia: kept.has(memberOf(found.ref)) }),
      );
      count += chunk.length;
    }
    await createUpkeepMarks(redis).setIndexed(indexSettings(upkeep));
    log.info({ count }, 'the index was made from the records');
    return count;
  } finally {
    await redis.del(LOCK_KEY);
  }
}

/**
 * Puts what the records hold of one analysis into the index; one that not all heard the end of counts as open. A result
 * alone is what a deletion left that broke off before Redis was lost: the sweep finishes it.
 */
export async function placeFound(
  upkeep: Upkeep,
  { ref, documents }: Found,
  { hasMedia }: { hasMedia: boolean },
): Promise<void> {
  const { records, index, redis } = upkeep;
  const submission = await records.submission(ref);
  const marks = createUpkeepMarks(redis);
  if (!submission) {
    if (documents.has('result.json')) await marks.addDeleted(ref, LONG_AGO_MS);
    return;
  }
  const outcome = documents.has('result.json') ? await records.outcome(ref) : null;
  await index.note(submission, outcome?.status ?? 'queued');
  if (!outcome) return;
  if (hasMedia) await marks.setMediaDue(ref, mediaDueMs(upkeep, submission, outcome));
  if (!documents.has(ANNOUNCED)) await marks.addOpen(ref);
}
