import type { AnalysisRef, Deletion, Outcome, QueueName, Submission } from '@bonafide/contracts';
import { forgetDifference } from '../bundles/comparisons';
import { forgetEntry } from '../batches/forget-entry';
import { noteEntryEnd } from '../batches/note-entry';
import { removeFeedback } from '../feedback/sweep-feedback';
import { analysisFolder, mediaKey } from '../records/analyses';
import { forgetAnswers } from '../records/idempotency';
import { listIds } from '../redis/analysis-lists';
import { createUpkeepMarks } from '../redis/upkeep-marks';
import { forgetAnnouncement } from '../webhooks/forget';
import { limitUpload, NO_REMOVAL, type Removal } from './limit-upload';
import { ensureIndexed } from './rebuild-index';
import type { Upkeep } from './upkeep';

export type Removed = Deletion['removed'];

const QUEUES: readonly QueueName[] = ['analyses', 'bulk'];
/** The last to go: while they are there the deletion can be asked for again. */
const SUBMISSION = 'submission.json';
const SCORINGS_AT_A_TIME = 100;
const INDEX_PATIENCE_MS = 5_000;
const RESULT = 'result.json';

/**
 * Removes everything there is of an analysis, second scorings of it among that. What is under way ends as canceled
 * first, so that no worker brings a result afterwards. A deletion that breaks off is finished by the sweep.
 */
export async function deleteAnalysis(
  upkeep: Upkeep,
  ref: AnalysisRef,
  submission: Submission | null,
): Promise<Removed> {
  const { records, index, redis } = upkeep;
  const marks = createUpkeepMarks(redis);
  await marks.addDeleted(ref);
  // Never taken off the list here: a worker may still be at it, so the sweep looks once more.
  const outcome = submission && (await endOf(upkeep, submission));
  await deleteScorings(upkeep, ref);
  const jobs = await removeJobs(upkeep, ref);
  const media = await removeAt(upkeep, mediaKey(ref));
  const feedback = await removeFeedback(upkeep.store, ref);
  const elsewhere = submission
    ? await forgetElsewhere(upkeep, submission, outcome?.status ?? 'canceled')
    : NO_REMOVAL;
  const differences = await forgetDifference(records.serving, ref);
  return {
    media: media + feedback.media + elsewhere.media,
    deliveries: outcome ? await forgetAnnouncement(records, outcome, submission?.webhook_url) : 0,
    documents: (await removeOthers(upkeep, ref)) + feedback.documents + elsewhere.documents + differences,
    jobs,
    index: await index.forget(ref, submission),
    submission: await removeAt(upkeep, `${analysisFolder(ref)}/${SUBMISSION}`),
    result: await removeAt(upkeep, `${analysisFolder(ref)}/${RESULT}`),
  };
}

/** What scored it again says the same of the same recording. */
async function deleteScorings(upkeep: Upkeep, { tenant, analysis_id }: AnalysisRef): Promise<void> {
  await ensureIndexed(upkeep, INDEX_PATIENCE_MS);
  for (;;) {
    const query = { reanalysisOf: analysis_id, limit: SCORINGS_AT_A_TIME };
    const { ids } = await listIds(upkeep.redis, tenant, query);
    for (const id of ids) {
      const ref = { tenant, analysis_id: id };
      await deleteAnalysis(upkeep, ref, await upkeep.records.submission(ref));
    }
    if (ids.length < SCORINGS_AT_A_TIME) return;
  }
}

/** Removes what a worker that was at a deleted analysis brought afterwards, or what a deletion left. */
export async function finishDeletions(upkeep: Upkeep, beganBefore: Date): Promise<number> {
  const marks = createUpkeepMarks(upkeep.redis);
  const refs = await marks.deleted(beganBefore.getTime());
  for (const ref of refs) {
    await deleteAnalysis(upkeep, ref, await upkeep.records.submission(ref));
    await marks.clearDeleted(ref);
  }
  return refs.length;
}

/** The outcome that stands; of what is under way it is made here, and whoever is at it hears of it. */
async function endOf(
  { records, index, redis, queues }: Upkeep,
  submission: Submission,
): Promise<Outcome | null> {
  const { tenant, id } = submission;
  const ref = { tenant, analysis_id: id };
  const at = new Date().toISOString();
  const canceled = { format: 1, id, tenant, status: 'canceled', started_at: null, finished_at: at } as const;
  if ((await records.createOutcome(canceled)) === 'exists') return records.outcome(ref);
  await index.announce({ ...ref, status: 'canceled', progress: 1, at });
  await noteEntryEnd({ redis, queues }, submission, canceled);
  return canceled;
}

/** Those that nobody is working on; the others end by themselves. */
async function removeJobs({ queues }: Upkeep, { analysis_id }: AnalysisRef): Promise<number> {
  const removed = await Promise.all(QUEUES.map((queue) => removeJob(queues.of(queue), analysis_id)));
  return removed.reduce((sum, count) => sum + count, 0);
}

type Removable = ReturnType<Upkeep['queues']['of']>;

export async function removeJob(queue: Removable, jobId: string): Promise<number> {
  if (!(await queue.getJob(jobId))) return 0;
  return queue.remove(jobId);
}

async function removeAt({ store }: Upkeep, key: string): Promise<number> {
  if ((await store.head(key)) === null) return 0;
  await store.remove(key);
  return 1;
}

/** What others keep of it: the upload it came by, the lists of its batch, answers and results to be given again. */
async function forgetElsewhere(
  upkeep: Upkeep,
  submission: Submission,
  ended: Outcome['status'],
): Promise<Removal> {
  const { records } = upkeep;
  const { tenant, upload_id } = submission;
  const upload = upload_id === undefined ? NO_REMOVAL : await limitUpload(upkeep, { tenant, upload_id }, 0);
  await forgetEntry(records, submission, ended);
  const answers = await forgetAnswers(records, submission);
  const notes = await removeNotes(upkeep, submission);
  return { media: upload.media, documents: upload.documents + answers + notes };
}

/** That other recordings of the same bytes take their results from this one. */
async function removeNotes({ records }: Upkeep, { tenant, id, sha256 }: Submission): Promise<number> {
  let removed = 0;
  for await (const { doc } of records.contents.list(`contents/${tenant}/${sha256}.`)) {
    if (doc.analysis_id !== id) continue;
    await records.contents.remove(doc);
    removed++;
  }
  return removed;
}

async function removeOthers({ store }: Upkeep, ref: AnalysisRef): Promise<number> {
  const folder = `${analysisFolder(ref)}/`;
  let removed = 0;
  for await (const { key } of store.list(folder)) {
    if (key === folder + SUBMISSION || key === folder + RESULT) continue;
    await store.remove(key);
    removed++;
  }
  return removed;
}
