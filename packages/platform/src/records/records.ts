import type { ObjectStore } from '../store/object-store';
import { analysisRecords, type AnalysisRecords } from './analyses';
import { announcementRecords } from './announcements';
import { batchRecords } from './batches';
import { contentRecords } from './contents';
import { feedbackRecords, type FeedbackRecords } from './feedback';
import { idempotencyRecords } from './idempotency';
import { keyRecords, keyUses } from './keys';
import { uploadRecords } from './uploads';
import { webhookRecords, type WebhookRecords } from './webhooks';

/** All documents that are the truth about something, by kind. */
export type Records = AnalysisRecords & {
  keys: ReturnType<typeof keyRecords>;
  keyUses: ReturnType<typeof keyUses>;
  idempotency: ReturnType<typeof idempotencyRecords>;
  announcements: ReturnType<typeof announcementRecords>;
  webhooks: WebhookRecords;
  batches: ReturnType<typeof batchRecords>;
  contents: ReturnType<typeof contentRecords>;
  uploads: ReturnType<typeof uploadRecords>;
  feedback: FeedbackRecords;
};

export function createRecords(store: ObjectStore): Records {
  return {
    ...analysisRecords(store),
    keys: keyRecords(store),
    keyUses: keyUses(store),
    idempotency: idempotencyRecords(store),
    announcements: announcementRecords(store),
    webhooks: webhookRecords(store),
    batches: batchRecords(store),
    contents: contentRecords(store),
    uploads: uploadRecords(store),
  };
    feedback: feedbackRecords(store),
}
