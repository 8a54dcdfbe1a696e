import { sweepFeedbackMedia } from '../feedback/sweep-feedback';
import { removeExpiredAnswers } from '../records/idempotency';
import { createUpkeepMarks } from '../redis/upkeep-marks';
import { finishDeletions } from './delete-analysis';
import { dropUpload } from './limit-upload';
import { ANALYSES_PREFIX } from './survey';
import type { Upkeep } from './upkeep';

/** What was removed, by what it was left of. */
export type Swept = {
  deletions: number;
  media: number;
  archives: number;
  uploads: number;
  feedback: number;
  answers: number;
  partials: number;
};

/** Longer than any request: what is younger may still be on its way to a record. */
const GRACE_MS = 3_600_000;
/** A worker that is at a deleted analysis hears of it within a second. */
const DELETION_GRACE_MS = 60_000;
const UPLOAD_MEDIA_PREFIX = 'upload-media/';
const BATCH_MEDIA_PREFIX = 'batch-media/';

/** Removes what requests and processes left that broke off, and what has expired. */
export async function sweep(upkeep: Upkeep): Promise<Swept> {
  const now = Date.now();
  return {
    deletions: await finishDeletions(upkeep, new Date(now - DELETION_GRACE_MS)),
    media: await removeOrphanMedia(upkeep, now),
    archives: await removeOrphanArchives(upkeep, now),
    uploads: await removeExpiredUploads(upkeep, now),
    feedback: await sweepFeedbackMedia(upkeep, now),
    answers: await removeExpiredAnswers(upkeep.records, now),
    partials: await upkeep.store.removePartials(new Date(now - GRACE_MS)),
  };
}

/** Recordings that came without ever getting a record. What was looked at once is not looked at again. */
async function removeOrphanMedia({ store, redis, log }: Upkeep, now: number): Promise<number> {
  const marks = createUpkeepMarks(redis);
  const untilMs = now - GRACE_MS;
  const sinceMs = ((await marks.lookedUntil('media')) ?? 0) - GRACE_MS;
  let removed = 0;
  for await (const { key, modifiedAt } of store.list('media/')) {
    const atMs = modifiedAt.getTime();
    if (atMs < sinceMs || atMs > untilMs) continue;
    if (await store.head(`${ANALYSES_PREFIX}${key.slice('media/'.length)}/submission.json`)) continue;
    await store.remove(key);
    log.info({ key }, 'a recording without a record was removed');
    removed++;
  }
  await marks.setLookedUntil('media', untilMs);
  return removed;
}

/** Archives that came without ever getting a record; the one of a batch is removed once all is taken out of it. */
async function removeOrphanArchives({ store, records, log }: Upkeep, now: number): Promise<number> {
  let removed = 0;
  for await (const { key, modifiedAt } of store.list(BATCH_MEDIA_PREFIX)) {
    if (modifiedAt.getTime() > now - GRACE_MS) continue;
    const [tenant, batch_id] = key.slice(BATCH_MEDIA_PREFIX.length).split('/');
    if (await records.batches.get({ tenant, batch_id })) continue;
    await store.remove(key);
    log.info({ key }, 'an archive without a record was removed');
    removed++;
  }
  return removed;
}

/** Uploads past their time, then bytes whose upload is not there: those of a link that was used at the last moment. */
async function removeExpiredUploads(upkeep: Upkeep, now: number): Promise<number> {
  const { store, records } = upkeep;
  let removed = 0;
  for await (const { doc } of records.uploads.list('uploads/')) {
    if (Date.parse(doc.expires_at) > now) continue;
    await dropUpload(upkeep, doc);
    removed++;
  }
  for await (const { key, modifiedAt } of store.list(UPLOAD_MEDIA_PREFIX)) {
    if (modifiedAt.getTime() > now - GRACE_MS) continue;
    const [tenant, name] = key.slice(UPLOAD_MEDIA_PREFIX.length).split('/');
    const [upload_id, arrival] = name.split('.');
    const isWhole = arrival === undefined;
    if (isWhole && (await records.uploads.get({ tenant, upload_id }))) continue;
    await store.remove(key);
    removed++;
  }
  return removed;
}
