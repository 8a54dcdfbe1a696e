import type { AnalysisRef, Submission } from '@bonafide/contracts';
import { deleteAnalysis, isMarkedDeleted, refOf } from '@bonafide/platform';
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

/** Where Redis has lost what it knew, by its record, which a deletion removes. */
async function isDeleted(context: WorkerContext, ref: AnalysisRef): Promise<boolean> {
  const asked = [isMarkedDeleted(context.redis, ref), context.index.entry(ref).catch(() => null)] as const;
  const [isMarked, entry] = await Promise.all(asked);
  return isMarked || (entry === null && (await context.records.submission(ref)) === null);
}
