import type { ObjectStore } from '../store/object-store';
import { analysisRecords, type AnalysisRecords } from './analyses';
import { announcementRecords } from './announcements';
import { batchRecords } from './batches';
import { contentRecords } from './contents';
import { feedbackRecords, type FeedbackRecords } from './feedback';
import { idempotencyRecords, keptAnswers } from './idempotency';
import { keyRecords, keyUses } from './keys';
import { monitoringRecords, type MonitoringRecords } from './monitoring';
import { servingRecords } from './serving';
import { shareRecords } from './shares';
import { uploadRecords } from './uploads';
import { webhookRecords, type WebhookRecords } from './webhooks';

/** All documents that are the truth about something, by kind. */
export type Records = AnalysisRecords & {
  keys: ReturnType<typeof keyRecords>;
  keyUses: ReturnType<typeof keyUses>;
  idempotency: ReturnType<typeof idempotencyRecords>;
  keptAnswers: ReturnType<typeof keptAnswers>;
  announcements: ReturnType<typeof announcementRecords>;
  webhooks: WebhookRecords;
  batches: ReturnType<typeof batchRecords>;
  contents: ReturnType<typeof contentRecords>;
  feedback: FeedbackRecords;
  monitoring: MonitoringRecords;
  uploads: ReturnType<typeof uploadRecords>;
  serving: ReturnType<typeof servingRecords>;
  shares: ReturnType<typeof shareRecords>;
};

export function createRecords(store: ObjectStore): Records {
  return {
    ...analysisRecords(store),
    keys: keyRecords(store),
    keyUses: keyUses(store),
    idempotency: idempotencyRecords(store),
    keptAnswers: keptAnswers(store),
    announcements: announcementRecords(store),
    webhooks: webhookRecords(store),
    batches: batchRecords(store),
    contents: contentRecords(store),
    feedback: feedbackRecords(store),
    monitoring: monitoringRecords(store),
    uploads: uploadRecords(store),
    serving: servingRecords(store),
    shares: shareRecords(store),
  };
}
