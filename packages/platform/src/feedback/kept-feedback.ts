import type { FeedbackRecord } from '@bonafide/contracts';
import {
  FEEDBACK_MEDIA_PREFIX,
  feedbackMediaKey,
  feedbackRefOf,
  feedbackRefOfKey,
} from '../records/feedback';
import type { Records } from '../records/records';
import type { ObjectStore } from '../store/object-store';

/** A labelled recording that may be trained on. */
export type KeptFeedback = { record: FeedbackRecord; mediaKey: string };

/**
 * Every recording kept by consent that is in force, once for the same bytes, by what was said last. Where some call
 * the same bytes real and others cloned, nobody knows: those are counted and left out.
 */
export async function keptFeedback(
  { feedback }: Pick<Records, 'feedback'>,
  store: ObjectStore,
  tenant?: string,
): Promise<{ kept: KeptFeedback[]; contradicted: number }> {
  const bySha = new Map<string, FeedbackRecord[]>();
  const prefix = tenant === undefined ? FEEDBACK_MEDIA_PREFIX : `${FEEDBACK_MEDIA_PREFIX}${tenant}/`;
  for await (const { key } of store.list(prefix)) {
    const ref = feedbackRefOfKey(key);
    const record = ref && (await feedback.given.get(ref));
    if (!record || Date.parse(record.kept_until ?? '') <= Date.now()) continue;
    if (await feedback.revocations.get(ref)) continue;
    bySha.set(record.sha256, [...(bySha.get(record.sha256) ?? []), record]);
  }
  const groups = [...bySha.values()];
  const agreed = groups.filter((group) => new Set(group.map(({ label }) => label)).size === 1);
  const newest = (group: FeedbackRecord[]) => group.reduce((a, b) => (b.id > a.id ? b : a));
  return {
    kept: agreed.map(newest).map((record) => ({ record, mediaKey: feedbackMediaKey(feedbackRefOf(record)) })),
    contradicted: groups.length - agreed.length,
  };
}
