import type { AnalysisRef } from '@bonafide/contracts';
import { FEEDBACK_MEDIA_PREFIX, feedbackFolders, feedbackRefOfKey } from '../records/feedback';
import type { Records } from '../records/records';
import type { ObjectStore } from '../store/object-store';

type Context = { records: Records; store: ObjectStore };

/** Longer than any request: what is younger may still be on its way to its record. */
const GRACE_MS = 3_600_000;

/** Removes the copies whose time is over, and those that no feedback in force speaks of. @returns how many */
export async function sweepFeedbackMedia({ records, store }: Context, now: number): Promise<number> {
  let removed = 0;
  for await (const { key, modifiedAt } of store.list(FEEDBACK_MEDIA_PREFIX)) {
    const ref = feedbackRefOfKey(key);
    if (!ref) continue;
    const record = await records.feedback.given.get(ref);
    if (!record && modifiedAt.getTime() > now - GRACE_MS) continue;
    const isDue = Date.parse(record?.kept_until ?? '') <= now;
    const isHeld = record && !isDue && !(await records.feedback.revocations.get(ref));
    if (isHeld) continue;
    await store.remove(key);
    removed++;
  }
  return removed;
}

/** Removes all that was said about an analysis, with the copies. @returns how many of each there were */
export async function removeFeedback(
  store: ObjectStore,
  ref: AnalysisRef,
): Promise<{ documents: number; media: number }> {
  const { documents, media } = feedbackFolders(ref);
  const removed = { documents: 0, media: await removeBelow(store, media) };
  for (const folder of documents) removed.documents += await removeBelow(store, folder);
  return removed;
}

async function removeBelow(store: ObjectStore, folder: string): Promise<number> {
  let removed = 0;
  for await (const { key } of store.list(folder)) {
    await store.remove(key);
    removed++;
  }
  return removed;
}
