import { CodedError, type Analysis, type AnalysisRef, type Deletion } from '@bonafide/contracts';
import { assertConnected, deleteAnalysis, endAsCanceled } from '@bonafide/platform';
import { upkeepOf, type ApiContext } from './context';
import { readAnalysis } from './read-analysis';

/**
 * Ends an analysis as canceled. The outcome is written here, so it stands at once, and whoever is at it stops
 * between two windows.
 * @throws CodedError `not_found`; `conflict` where it has ended
 */
export async function cancelAnalysis(context: ApiContext, ref: AnalysisRef): Promise<Analysis> {
  assertConnected(context.redis);
  const submission = await context.records.submission(ref);
  if (!submission) throw notFound(ref);
  if (!(await endAsCanceled(upkeepOf(context), submission))) {
    throw new CodedError('conflict', 'The analysis has ended already');
  }
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
