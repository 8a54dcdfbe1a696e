import type { AnalysisError, Outcome, Report, Submission } from '@bonafide/contracts';
import { refOf } from '@bonafide/platform';
import type { WorkerContext } from './context';

export type Ending = { status: 'succeeded'; report: Report } | { status: 'failed'; error: AnalysisError };

/** Writes the outcome unless one is there, then tells those who wait. */
export async function settle(
  context: WorkerContext,
  submission: Submission,
  { startedAt, ending }: { startedAt: string | null; ending: Ending },
): Promise<void> {
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
  const code = ending.status === 'failed' ? ending.error.code : undefined;
  context.log.info({ analysis_id: id, request_id, status: ending.status, code, written }, 'analysis ended');
  await announceOutcome(context, outcome);
}

/**
 * Tells that an analysis has ended. Only a hint, so nothing is lost when it fails: the record is written and
 * whoever waits reads that.
 */
export async function announceOutcome({ index, log }: WorkerContext, outcome: Outcome): Promise<void> {
  const { status, finished_at: at } = outcome;
  try {
    await index.announce({ ...refOf(outcome), status, progress: 1, at });
  } catch (error) {
    log.warn({ err: error, analysis_id: outcome.id }, 'an outcome could not be announced');
  }
}
