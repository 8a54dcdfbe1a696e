import type { DeliveryRecord, WebhookEvent } from '@bonafide/contracts';
import type { Config } from '../config';
import type { Records } from '../records/records';
import type { RedisConnection } from '../redis/connections';
import type { Queues } from '../redis/queues';
import { deliveryIdOf, tenantEndpointId } from './delivery-id';
import { encodeEvent } from './event-body';
import { queueDelivery } from './queue-delivery';
import { subscribersOf } from './subscriptions';

export type WebhookContext = { config: Config; records: Records; redis: RedisConnection; queues: Queues };

export type SentEvent = {
  tenant: string;
  /** What it is about. */
  subject: 'analysis' | 'batch' | 'endpoint' | 'model';
  id: string;
  event: WebhookEvent;
  webhookUrl?: string;
  requestId?: string;
};

/** One delivery for each who is to be told, in the records and in the queue; those that are there stay. */
export async function sendEvent(context: WebhookContext, sent: SentEvent): Promise<void> {
  const { tenant, event, webhookUrl } = sent;
  const { type, timestamp: at } = event;
  const subscribers = await subscribersOf(context, { tenant, type, at });
  const receivers: Receiver[] = subscribers.map(({ endpoint_id }) => ({ endpoint_id }));
  // Whoever registered the address is told there, with the secret that he has.
  if (webhookUrl !== undefined && !subscribers.some(({ url }) => url === webhookUrl)) {
    receivers.push({ endpoint_id: tenantEndpointId(tenant), url: webhookUrl });
  }
  for (const receiver of receivers) await createDelivery(context, deliveryOf(sent, receiver));
}

type Receiver = { endpoint_id: string; url?: string };

export function deliveryOf(
  { tenant, subject, id, event, requestId }: SentEvent,
  { endpoint_id, url }: Receiver,
): DeliveryRecord {
  const { type, timestamp } = event;
  return {
    format: 1,
    id: deliveryIdOf(timestamp, [subject, id, endpoint_id, type, url ?? '']),
    ...{ tenant, endpoint_id, url, type },
    ...(subject === 'analysis' && { analysis_id: id }),
    ...(subject === 'batch' && { batch_id: id }),
    created_at: timestamp,
    request_id: requestId,
    body: encodeEvent(event),
    status: 'pending',
    ...{ round: 0, tried: 0, attempts: [] },
    next_attempt_at: timestamp,
  };
}

/** Records first, then the queue: what is lost in between is found by its mark. */
export async function createDelivery(
  { config, records, queues }: Pick<WebhookContext, 'config' | 'records' | 'queues'>,
  delivery: DeliveryRecord,
): Promise<void> {
  const { webhooks } = records;
  const ref = { tenant: delivery.tenant, endpoint_id: delivery.endpoint_id, delivery_id: delivery.id };
  const [written] = await Promise.all([webhooks.deliveries.create(delivery), webhooks.pending.add(ref)]);
  const current = written === 'created' ? delivery : await webhooks.deliveries.get(ref);
  if (current?.status !== 'pending') return webhooks.pending.remove(ref);
  const [firstDelaySec] = config.webhooks.retryScheduleSec;
  await queueDelivery(queues, current, { delayMs: written === 'created' ? firstDelaySec * 1000 : 0 });
}
