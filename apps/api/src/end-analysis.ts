import {
  CodedError,
  type Analysis,
  type AnalysisRef,
  type Deletion,
  type Outcome,
} from '@bonafide/contracts';
import { announceEnd, assertConnected, deleteAnalysis, removeJob } from '@bonafide/platform';
import { upkeepOf, type ApiContext } from './context';
import { readAnalysis } from './read-analysis';

/**
 * Ends an analysis as canceled. The outcome is written here, so it stands at once, and whoever is at it stops
 * between two windows.
 * @throws CodedError `not_found`; `conflict` where it has ended
 */
export async function cancelAnalysis(context: ApiContext, ref: AnalysisRef): Promise<Analysis> {
  const { records, queues, live, redis } = context;
  assertConnected(redis);
  const submission = await records.submission(ref);
  if (!submission) throw notFound(ref);
  const entry = await live.index.entry(ref);
  const outcome: Outcome = {
    format: 1,
    id: submission.id,
    tenant: submission.tenant,
    status: 'canceled',
    started_at: entry?.startedAt ?? null,
    finished_at: new Date().toISOString(),
  };
  if ((await records.createOutcome(outcome)) === 'exists') {
    throw new CodedError('conflict', 'The analysis has ended already');
  }
  const queue = submission.batch_id === undefined ? 'analyses' : 'bulk';
  await removeJob(queues.of(queue), submission.id).catch((error: unknown) => {
    context.log.warn({ err: error, ...ref }, 'the job of a canceled analysis could not be removed');
  });
  await announceEnd(upkeepOf(context), submission, outcome);
  return readAnalysis(context, ref);
}

/** Removes everything there is of an analysis, ended or not. @throws CodedError `not_found` */
export async function removeAnalysis(context: ApiContext, ref: AnalysisRef): Promise<Deletion> {
  assertConnected(context.redis);
  const submission = await context.records.submission(ref);
  if (!submission) throw notFound(ref);
  const removed = await deleteAnalysis(upkeepOf(context), ref, submission);
  context.log.info({ ...ref, removed }, 'an analysis was deleted');
  return { id: submission.id, removed };
}

function notFound({ analysis_id }: AnalysisRef): CodedError {
  return new CodedError('not_found', `There is no analysis ${analysis_id}`);
}
