import {
  CodedError,
  isTerminal,
  type Analysis,
  type AnalysisRef,
  type Outcome,
  type Submission,
} from '@bonafide/contracts';
import type { IndexEntry } from '@bonafide/platform';
import type { ApiContext } from './context';

/**
 * The state of an analysis: the records say whether and how it ended; of one under way, the index tells how
 * far it is.
 * @throws CodedError `not_found`; `unavailable` when it has not ended and the index cannot be asked.
 */
export async function readAnalysis(
  { records, live }: Pick<ApiContext, 'records' | 'live'>,
  ref: AnalysisRef,
): Promise<Analysis> {
  const asked = live.index.entry(ref).catch((error: Error) => error);
  const [submission, outcome] = await Promise.all([records.submission(ref), records.outcome(ref)]);
  if (!submission) throw new CodedError('not_found', `There is no analysis ${ref.analysis_id}`);
  if (outcome) return viewOf(submission, outcome);
  const entry = await asked;
  if (entry instanceof Error) throw entry;
  // The index may already know of an end that was written behind our first look.
  const settled = entry && isTerminal(entry.status) ? await records.outcome(ref) : null;
  return settled ? viewOf(submission, settled) : viewUnderWay(submission, entry);
}

/** A submission just taken in. */
export function viewQueued(submission: Submission): Analysis {
  return viewUnderWay(submission, null);
}

function viewUnderWay(submission: Submission, entry: IndexEntry | null): Analysis {
  const isRunning = entry?.status === 'processing';
  return {
    ...described(submission),
    status: isRunning ? 'processing' : 'queued',
    started_at: isRunning ? entry.startedAt : null,
    finished_at: null,
    progress: isRunning ? entry.progress : 0,
  };
}

function viewOf(submission: Submission, outcome: Outcome): Analysis {
  return {
    ...described(submission),
    status: outcome.status,
    started_at: outcome.started_at,
    finished_at: outcome.finished_at,
    progress: 1,
    ...(outcome.status === 'succeeded' && { result: outcome.report }),
    ...(outcome.status === 'failed' && { error: outcome.error }),
  };
}

function described({ id, created_at, filename, sha256, label, custom_id, batch_id, reanalysis }: Submission) {
  const names = { label, custom_id, batch_id, reanalysis_of: reanalysis?.of };
  return { id, created_at, filename, sha256, ...names, links: { self: pathOf(id) } };
}

export function pathOf(analysisId: string): string {
  return `/v1/analyses/${analysisId}`;
}
