import type { AnalysisRef, Outcome, Submission } from '@bonafide/contracts';
import { createUpkeepMarks, deleteAnalysis, forgetAnnouncement, refOf } from '@bonafide/platform';
import type { WorkerContext } from './context';

/**
 * Removes what was brought of an analysis that somebody deleted under its worker's hands, before anybody is told of it.
 * A short one is over before its worker hears of the deletion.
 * @returns whether it was deleted
 */
export async function forgetIfDeleted(context: WorkerContext, submission: Submission): Promise<boolean> {
  const ref = refOf(submission);
  if (!(await isDeleted(context, ref))) return false;
  context.log.info({ ...ref }, 'an analysis was deleted under way');
  await deleteAnalysis(context, ref, submission);
  return true;
}

/** Takes back what was told of an analysis that was deleted while it was told. */
export async function untellIfDeleted(
  context: WorkerContext,
  submission: Submission,
  outcome: Outcome,
): Promise<void> {
  if (!(await isMarkedDeleted(context, refOf(submission)))) return;
  const { tenant, id, webhook_url } = submission;
  await forgetAnnouncement(context.records, outcome, webhook_url);
  await context.records.announcements.remove({ tenant, subject: 'analysis', id });
}

/** Whether its deletion was begun within the last minute or so; where Redis cannot be asked it counts as not. */
export function isMarkedDeleted({ redis }: WorkerContext, ref: AnalysisRef): Promise<boolean> {
  return createUpkeepMarks(redis)
    .isDeleted(ref)
    .catch(() => false);
}

/** Where Redis has lost what it knew, by its record, which a deletion removes. */
async function isDeleted(context: WorkerContext, ref: AnalysisRef): Promise<boolean> {
  const asked = [isMarkedDeleted(context, ref), context.index.entry(ref).catch(() => null)] as const;
  const [isMarked, entry] = await Promise.all(asked);
  return isMarked || (entry === null && (await context.records.submission(ref)) === null);
}
