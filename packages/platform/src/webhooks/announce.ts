import type { Outcome, Submission, WebhookEvent } from '@bonafide/contracts';
import type { AnnouncementRef } from '../records/announcements';
import { analysisEvent } from './event-body';
import { sendEvent, type WebhookContext } from './send-event';

export type EndOf = AnnouncementRef & {
  event: WebhookEvent;
  /** Told beside the registered endpoints. */
  webhookUrl?: string;
  requestId?: string;
};

/**
 * Hands the end of an analysis or a batch to everyone who is to be told, each once: what is handed over has
 * an id that follows from what happened, so that a second call, in this process or another, adds nothing.
 * Leaves a note beside the records when all is handed over; without it the reconciler calls again.
 * @throws CodedError `unavailable`; then it is to be called again
 */
export async function announceOnce(context: WebhookContext, end: EndOf): Promise<void> {
  const { tenant, subject, id, event } = end;
  await sendEvent(context, end);
  await context.records.announcements.create({ format: 1, tenant, subject, id, at: event.timestamp });
}

/** The one terminal event of an analysis. `outcome` is the one that the records hold. */
export async function announceAnalysis(
  context: WebhookContext,
  submission: Submission,
  outcome: Outcome,
): Promise<void> {
  const { tenant, id, webhook_url, request_id } = submission;
  const event = analysisEvent(submission, outcome, context.config.http.linksUrl);
  await announceOnce(context, {
    ...{ tenant, subject: 'analysis', id, event },
    webhookUrl: webhook_url,
    requestId: request_id,
  });
}
