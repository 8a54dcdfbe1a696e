import {
  feedbackRecordSchema,
  feedbackRevocationSchema,
  type AnalysisRef,
  type FeedbackRecord,
  type FeedbackRef,
  type FeedbackRevocation,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export const FEEDBACK_PREFIX = 'feedback/';
export const REVOCATIONS_PREFIX = 'feedback-revocations/';
/** Recordings kept for training: apart from those of the analyses, as they go by other rules. */
export const FEEDBACK_MEDIA_PREFIX = 'feedback-media/';

const placeOf = ({ tenant, analysis_id }: AnalysisRef) => `${tenant}/${analysis_id}/`;
export const feedbackPrefix = (ref: AnalysisRef) => FEEDBACK_PREFIX + placeOf(ref);
export const feedbackKey = (ref: FeedbackRef) => `${feedbackPrefix(ref)}${ref.feedback_id}.json`;
export const feedbackMediaKey = (ref: FeedbackRef) =>
  `${FEEDBACK_MEDIA_PREFIX}${placeOf(ref)}${ref.feedback_id}`;

/** Where everything lies that feedback on an analysis has left: documents, and recordings. */
export const feedbackFolders = (ref: AnalysisRef) => ({
  documents: [feedbackPrefix(ref), REVOCATIONS_PREFIX + placeOf(ref)],
  media: FEEDBACK_MEDIA_PREFIX + placeOf(ref),
});

const refOf = ({ tenant, analysis_id, id }: FeedbackRecord | FeedbackRevocation): FeedbackRef => ({
  ...{ tenant, analysis_id },
  feedback_id: id,
});
export const feedbackRefOf: (record: FeedbackRecord) => FeedbackRef = refOf;

/** The ref that a key below any of the prefixes names; null for a key of another form. */
export function feedbackRefOfKey(key: string): FeedbackRef | null {
  const [, tenant, analysis_id, name] = key.split('/');
  return name === undefined ? null : { tenant, analysis_id, feedback_id: name.replace(/\.json$/, '') };
}

export type FeedbackRecords = {
  given: Collection<FeedbackRef, FeedbackRecord>;
  revocations: Collection<FeedbackRef, FeedbackRevocation>;
};

export function feedbackRecords(store: ObjectStore): FeedbackRecords {
  return {
    given: createCollection(store, { schema: feedbackRecordSchema, keyOf: feedbackKey, refOf }),
    revocations: createCollection(store, {
      schema: feedbackRevocationSchema,
      keyOf: (ref: FeedbackRef) => `${REVOCATIONS_PREFIX}${placeOf(ref)}${ref.feedback_id}.json`,
      refOf,
    }),
  };
}
