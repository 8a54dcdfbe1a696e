import type { BatchEnd, BatchRecord, WebhookEvent } from '@bonafide/contracts';

/** The end of a batch as it is told. `linksUrl`: what links begin with; absent, they are paths. */
export function batchEvent(record: BatchRecord, end: BatchEnd, linksUrl = ''): WebhookEvent {
  const { id, created_at, label } = record;
  const { status, finished_at, counters, error } = end;
  const links = { self: `${linksUrl}/v1/batches/${id}` };
  return {
    type: `batch.${status}`,
    timestamp: finished_at,
    data: { id, status, created_at, finished_at, counts: counters, label, error, links },
  };
}
