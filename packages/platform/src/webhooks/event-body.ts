import {
  MAX_EVENT_BYTES,
  type AnalysisEventData,
  type Outcome,
  type Report,
  type Submission,
  type VerdictSummary,
  type WebhookEvent,
} from '@bonafide/contracts';

/** Longest free text in an event, characters: all of them together stay far below the limit of a body. */
const MAX_TEXT = 512;

/** The end of an analysis as it is told. `linksUrl`: what links begin with; absent, they are paths. */
export function analysisEvent(submission: Submission, outcome: Outcome, linksUrl = ''): WebhookEvent {
  const { status, finished_at } = outcome;
  const data: AnalysisEventData = {
    id: submission.id,
    status,
    created_at: submission.created_at,
    started_at: outcome.started_at,
    finished_at,
    filename: submission.filename,
    sha256: submission.sha256,
    custom_id: submission.custom_id,
    label: submission.label,
    batch_id: submission.batch_id,
    item: submission.item,
    ...(outcome.status === 'succeeded' && { result: summarise(outcome.report) }),
    ...(outcome.status === 'failed' && {
      error: { code: outcome.error.code, message: outcome.error.message.slice(0, MAX_TEXT) },
    }),
    links: { self: `${linksUrl}/v1/analyses/${submission.id}` },
  };
  return { type: `analysis.${status}`, timestamp: finished_at, data };
}

/** What a report comes to, without its reasons, segments and windows. */
export function summarise(report: Report): VerdictSummary {
  const { decision, threshold } = report;
  return {
    verdict: report.ensemble_result.verdict,
    p_fake: report.p_fake,
    threshold,
    decision: { status: decision.status, reasons: decision.reasons.map(({ code }) => code) },
    partially_cloned: report.partially_cloned,
    duration_sec: report.audio_info.duration,
    model_version: report.model_version,
    cached: report.cached,
  };
}

/** The bytes to send. @throws Error when an event is larger than a webhook may be: a fault of ours */
export function encodeEvent(event: WebhookEvent): string {
  const body = JSON.stringify(event);
  const bytes = Buffer.byteLength(body);
  if (bytes <= MAX_EVENT_BYTES) return body;
  throw new Error(`an event ${event.type} of ${bytes} bytes is more than a webhook may have`);
}
