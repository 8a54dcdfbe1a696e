import {
  CodedError,
  retentionSec,
  type AnalysisRef,
  type Feedback,
  type FeedbackCreation,
  type FeedbackRecord,
  type FeedbackRef,
  type FeedbackRevocation,
  type Outcome,
  type Submission,
} from '@bonafide/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Config } from '../config';
import { mediaKey } from '../records/analyses';
import { feedbackMediaKey, feedbackRefOf } from '../records/feedback';
import type { Records } from '../records/records';
import type { ObjectStore } from '../store/object-store';

type Context = { config: Config; records: Records; store: ObjectStore };

/** Who says it, and by which request, for the audit trail. */
export type Speaker = { keyId: string | null; requestId?: string };

/**
 * Writes down what somebody says a recording is, beside what the service had said. With consent the recording is
 * copied to a place of its own, which neither the retention of the analysis nor another feedback touches.
 * @throws CodedError `not_found`; `conflict` where the analysis has no result
 */
export async function giveFeedback(
  context: Context,
  ref: AnalysisRef,
  { creation, speaker }: { creation: FeedbackCreation; speaker: Speaker },
): Promise<Feedback> {
  const { records, store } = context;
  const [submission, outcome] = await Promise.all([records.submission(ref), records.outcome(ref)]);
  if (!submission) throw new CodedError('not_found', `There is no analysis ${ref.analysis_id}`);
  const record = recordOf(submission, outcome, { creation, speaker });
  const own = feedbackRefOf(record);
  const dueAt = keptUntil(context, record);
  // The copy first: a record never speaks of one that is not there. A copy without a record is swept.
  if (dueAt !== null && (await store.copy(mediaKey(ref), feedbackMediaKey(own)))) record.kept_until = dueAt;
  await records.feedback.given.create(record);
  return viewFeedback(record, null);
}

/**
 * Takes feedback back. What was said stays in the audit trail, with who took it back and when; the copy of the
 * recording is gone before that is written. Taking back once more changes nothing.
 * @returns null where there is no such feedback
 */
export async function revokeFeedback(
  { records, store }: Context,
  ref: FeedbackRef,
  { keyId, requestId }: Speaker,
): Promise<Feedback | null> {
  const record = await records.feedback.given.get(ref);
  if (!record) return null;
  await store.remove(feedbackMediaKey(ref));
  const { tenant, analysis_id, feedback_id: id } = ref;
  const revocation: FeedbackRevocation = {
    ...{ format: 1, id, tenant, analysis_id, request_id: requestId },
    ...{ revoked_at: new Date().toISOString(), revoked_by: keyId },
  };
  const written = await records.feedback.revocations.create(revocation);
  return viewFeedback(
    record,
    written === 'created' ? revocation : await records.feedback.revocations.get(ref),
  );
}

/** Feedback as it stands now; null where there is none. */
export async function readFeedback(
  { records }: Pick<Context, 'records'>,
  ref: FeedbackRef,
): Promise<Feedback | null> {
  const [record, revocation] = await Promise.all([
    records.feedback.given.get(ref),
    records.feedback.revocations.get(ref),
  ]);
  return record && viewFeedback(record, revocation);
}

export function viewFeedback(record: FeedbackRecord, revocation: FeedbackRevocation | null): Feedback {
  const { format: _format, tenant: _tenant, request_id: _request, ...rest } = record;
  const { filename: _filename, sha256: _sha256, ...shown } = rest;
  return {
    ...shown,
    kept_until: revocation ? null : shown.kept_until,
    revoked_at: revocation?.revoked_at ?? null,
    revoked_by: revocation?.revoked_by ?? null,
  };
}

function recordOf(
  { id, tenant, filename, sha256 }: Submission,
  outcome: Outcome | null,
  { creation, speaker }: { creation: FeedbackCreation; speaker: Speaker },
): FeedbackRecord {
  if (outcome?.status !== 'succeeded') {
    throw new CodedError('conflict', 'There is no result to say anything about');
  }
  const { ensemble_result, p_fake, threshold, decision, ensemble, model_version } = outcome.report;
  return {
    ...{ format: 1, id: uuidv7(), tenant, analysis_id: id, filename, sha256 },
    ...{ created_at: new Date().toISOString(), created_by: speaker.keyId, request_id: speaker.requestId },
    ...creation,
    told: {
      ...{ verdict: ensemble_result.verdict, p_fake, threshold: threshold.value },
      ...{ decision: decision.status, ensemble, model_version },
    },
    kept_until: null,
  };
}

/** Null where nothing is to be kept: no consent, nothing to learn from it, or a deployment that keeps nothing. */
function keptUntil({ config }: Context, { consent, label, created_at }: FeedbackRecord): string | null {
  const keepSec = retentionSec(config.feedback.retention);
  if (!consent || label === 'unsure' || keepSec === 0) return null;
  return new Date(Date.parse(created_at) + keepSec * 1000).toISOString();
}
