import type { AnalysisError, Outcome, Report, Submission } from '@bonafide/contracts';
import { announceEnd, refOf } from '@bonafide/platform';
import type { WorkerContext } from './context';
import { forgetIfDeleted } from './deleted-meanwhile';
import { countEnd } from './measures';

export type Ending = { status: 'succeeded'; report: Report } | { status: 'failed'; error: AnalysisError };

/**
 * Writes the outcome unless one is there, then tells of the one that stands.
 * @returns false where it was deleted meanwhile: then nothing is left, and nobody is told
 */
export async function settle(
  context: WorkerContext,
  submission: Submission,
  { startedAt, ending }: { startedAt: string | null; ending: Ending },
): Promise<boolean> {
  const { id, tenant, request_id } = submission;
  const finishedAt = new Date().toISOString();
  const outcome: Outcome = {
    format: 1,
    id,
    tenant,
    started_at: startedAt,
    finished_at: finishedAt,
    ...ending,
  };
  const written = await context.records.createOutcome(outcome);
  if (written === 'created' && (await forgetIfDeleted(context, submission))) return false;
  if (written === 'created') countEnd(context.engine.metrics, submission, outcome);
  const code = ending.status === 'failed' ? ending.error.code : undefined;
  context.log.info({ analysis_id: id, request_id, status: ending.status, code, written }, 'analysis ended');
  const standing = written === 'created' ? outcome : await context.records.outcome(refOf(submission));
  if (standing) await tellOfEnd(context, submission, standing);
  return true;
}

/** What fails here is made good by the reconciler: the record is written, and whoever waits reads that. */
export async function tellOfEnd(
  context: WorkerContext,
  submission: Submission,
  outcome: Outcome,
): Promise<void> {
  try {
    await announceEnd(context, submission, outcome);
  } catch (error) {
    context.log.warn({ err: error, analysis_id: outcome.id }, 'an end could not be announced');
  }
}
