import { retentionSec, type Outcome, type Submission } from '@bonafide/contracts';
import { noteEntryEnd } from '../batches/note-entry';
import { mediaKey, refOf } from '../records/analyses';
import { isMarkedDeleted } from '../redis/upkeep-marks';
import { announceAnalysis } from '../webhooks/announce';
import { forgetAnnouncement } from '../webhooks/forget';
import { limitUpload } from './limit-upload';
import type { Upkeep } from './upkeep';

/**
 * Tells everyone of an end that the records hold. May be called again for the same end: nobody is told twice.
 * Until it has returned once, the analysis counts as open, and the reconciler calls it. What was told of one that was
 * deleted meanwhile is taken back.
 */
export async function announceEnd(upkeep: Upkeep, submission: Submission, outcome: Outcome): Promise<void> {
  try {
    await tellAll(upkeep, submission, outcome);
  } finally {
    await takeBackIfDeleted(upkeep, submission, outcome);
  }
}

async function tellAll(upkeep: Upkeep, submission: Submission, outcome: Outcome): Promise<void> {
  const { index, store } = upkeep;
  const ref = refOf(submission);
  const { status, finished_at: at } = outcome;
  await index.announce({ ...ref, status, progress: 1, at });
  await announceAnalysis(upkeep, submission, outcome);
  await noteEntryEnd(upkeep, submission, outcome);
  const isKept = retentionOf(upkeep, submission) !== 'none';
  const dueMs = mediaDueMs(upkeep, submission, outcome);
  if (!isKept) await store.remove(mediaKey(ref));
  await limitItsUpload(upkeep, submission, dueMs);
  await index.close(ref, isKept ? dueMs : null);
}

async function takeBackIfDeleted(
  { records, redis }: Upkeep,
  submission: Submission,
  outcome: Outcome,
): Promise<void> {
  if (!(await isMarkedDeleted(redis, refOf(submission)))) return;
  const { tenant, id, webhook_url } = submission;
  await forgetAnnouncement(records, outcome, webhook_url);
  await records.announcements.remove({ tenant, subject: 'analysis', id });
}

/** Those of a batch are needed until it has taken everything in, and are limited by that. */
async function limitItsUpload(
  upkeep: Upkeep,
  { tenant, upload_id, batch_id }: Submission,
  untilMs: number,
): Promise<void> {
  if (upload_id !== undefined && batch_id === undefined)
    await limitUpload(upkeep, { tenant, upload_id }, untilMs);
}

/** When the recording of an analysis that has ended is to go, milliseconds. */
export function mediaDueMs(
  upkeep: Pick<Upkeep, 'config'>,
  submission: Submission,
  { finished_at }: Outcome,
): number {
  return Date.parse(finished_at) + retentionSec(retentionOf(upkeep, submission)) * 1000;
}

function retentionOf({ config }: Pick<Upkeep, 'config'>, { retention }: Submission): string {
  return retention ?? config.retention;
}
