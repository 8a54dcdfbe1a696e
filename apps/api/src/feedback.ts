import {
  CodedError,
  type AnalysisRef,
  type Feedback,
  type FeedbackRef,
  type Page,
  type PageQuery,
} from '@bonafide/contracts';
import {
  feedbackKey,
  feedbackPrefix,
  feedbackRefOf,
  readFeedback,
  revokeFeedback,
  viewFeedback,
  type Speaker,
} from '@bonafide/platform';
import type { ApiContext } from './context';
import { pageOfDocs, readIdCursor } from './cursor';

/** All that was said about an analysis, what was taken back too, the oldest first. @throws CodedError `not_found` */
export async function listFeedback(
  { records }: Pick<ApiContext, 'records'>,
  ref: AnalysisRef,
  { limit, cursor }: PageQuery,
): Promise<Page<Feedback>> {
  if (!(await records.submission(ref))) throw notFound(`There is no analysis ${ref.analysis_id}`);
  const after = readIdCursor(cursor);
  const behind = after && feedbackKey({ ...ref, feedback_id: after });
  const given = records.feedback.given.list(feedbackPrefix(ref), behind);
  return pageOfDocs(given, limit, async (doc) =>
    viewFeedback(doc, await records.feedback.revocations.get(feedbackRefOf(doc))),
  );
}

/** @throws CodedError `not_found` */
export async function oneFeedback(context: Pick<ApiContext, 'records'>, ref: FeedbackRef): Promise<Feedback> {
  return found(await readFeedback(context, ref));
}

/** @throws CodedError `not_found` */
export async function takeBack(context: ApiContext, ref: FeedbackRef, speaker: Speaker): Promise<Feedback> {
  const feedback = found(await revokeFeedback(context, ref, speaker));
  context.log.info({ ...ref, key_id: speaker.keyId, request_id: speaker.requestId }, 'feedback was revoked');
  return feedback;
}

function found(feedback: Feedback | null): Feedback {
  if (!feedback) throw notFound('There is no such feedback');
  return feedback;
}

const notFound = (text: string) => new CodedError('not_found', text);
