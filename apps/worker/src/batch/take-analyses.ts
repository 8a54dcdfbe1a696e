import {
  CodedError,
  type BatchRecord,
  type ManifestEntry,
  type Outcome,
  type Submission,
} from '@bonafide/contracts';
import { batchRefOf, entryAnalysisId, mediaKeyOf } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { queueEntry } from './keep-entry';
import type { Ledger } from './ledger';
import { createPace } from './pace';

type Taking = { analyses: readonly string[]; ledger: Ledger; signal: AbortSignal };

/**
 * Has analyses scored again, each by an analysis of its own that uses the recording of the first.
 * @throws CodedError `archive_over_limit` behind the last one that there was room for
 */
export async function takeAnalyses(
  context: WorkerContext,
  record: BatchRecord,
  { analyses, ledger, signal }: Taking,
): Promise<void> {
  const { maxEntries } = context.config.batches;
  const pace = createPace(context, batchRefOf(record), signal);
  for (const id of analyses.slice(ledger.next(), maxEntries)) {
    const step = await pace.keep(ledger.totals().accepted, () => ledger.flush());
    if (step === 'canceled') return;
    await ledger.add(await takeAnalysis(context, record, { id, index: ledger.next() }));
  }
  if (analyses.length > maxEntries) {
    throw new CodedError(
      'archive_over_limit',
      `More than ${maxEntries} analyses match: name the rest by from and to`,
    );
  }
}

async function takeAnalysis(
  context: WorkerContext,
  record: BatchRecord,
  { id, index }: { id: string; index: number },
): Promise<ManifestEntry> {
  const { records, store } = context;
  const ref = { tenant: record.tenant, analysis_id: id };
  const [submission, outcome] = await Promise.all([records.submission(ref), records.outcome(ref)]);
  const gone = { state: 'skipped', reason: 'media_gone' } as const;
  if (!submission || !outcome) return { index, path: id, ...gone, detail: 'The analysis has been deleted' };
  const described = describe(submission, outcome);
  const line = { index, ...described, label: record.label ?? described.label };
  if (!(await store.head(mediaKeyOf(submission)))) {
    return { ...line, ...gone, detail: 'The recording has been deleted' };
  }
  await queueEntry(context, againOf(record, index, { submission, verdict: line.original.verdict }));
  return { ...line, state: 'accepted' };
}

function describe(submission: Submission, outcome: Outcome) {
  const { id, filename: path, bytes, sha256, custom_id, label } = submission;
  const report = outcome.status === 'succeeded' ? outcome.report : undefined;
  const original = {
    analysis_id: id,
    verdict: report?.ensemble_result.verdict ?? null,
    p_fake: report?.p_fake ?? null,
    decision: report?.decision.status ?? null,
    model_version: report?.model_version ?? null,
  };
  return { path, bytes, sha256, custom_id, label, original };
}

type First = { submission: Submission; verdict: 'AUTHENTIC' | 'CLONED' | null };

/** With the options of the first, as far as the batch names none. */
function againOf(
  { id: batchId, tenant, created_at, request_id, source, ...wish }: BatchRecord,
  index: number,
  { submission, verdict }: First,
): Submission {
  if (source.kind !== 'reanalysis') throw new Error(`not to be scored again: ${source.kind}`);
  const { id: of, filename, bytes, sha256, custom_id } = submission;
  return {
    ...{ format: 1, id: entryAnalysisId(batchId, index, 0), tenant, created_at, request_id },
    ...{ filename, bytes, sha256, custom_id, label: wish.label ?? submission.label },
    profile: wish.profile ?? submission.profile,
    ensemble: wish.ensemble ?? submission.ensemble,
    ...{ batch_id: batchId, item: index, retention: 'none' },
    reanalysis: { of, model_version: source.model_version, verdict: verdict ?? undefined },
  };
}
