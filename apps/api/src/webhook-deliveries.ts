import {
  CodedError,
  deliverySchema,
  type Delivery,
  type DeliveryRecord,
  type DeliveryRef,
  type EndpointRef,
  type Page,
  type PageQuery,
  type WebhookEvent,
} from '@bonafide/contracts';
import {
  createDelivery,
  deliveriesPrefix,
  deliveryJobId,
  deliveryOf,
  queueDelivery,
  tenantEndpointId,
} from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import type { ApiContext } from './context';
import { readCursor, writeCursor } from './cursor';
import { findEndpoint } from './webhook-endpoints';

type Context = Pick<ApiContext, 'config' | 'records' | 'redis' | 'queues'>;

/** The newest first, with every attempt. */
export async function listDeliveries(
  context: Context,
  ref: EndpointRef,
  { limit, cursor }: PageQuery,
): Promise<Page<Delivery>> {
  await assertKnown(context, ref);
  const prefix = deliveriesPrefix(ref);
  const after = readCursor(cursor);
  const found: { key: string; doc: DeliveryRecord }[] = [];
  for await (const each of context.records.webhooks.deliveries.list(prefix, after && `${prefix}${after}`)) {
    found.push(each);
    if (found.length > limit) break;
  }
  const shown = found.slice(0, limit);
  const isLast = found.length <= limit;
  return {
    items: shown.map(({ doc }) => deliverySchema.parse(doc)),
    next_cursor: isLast ? null : writeCursor(shown[limit - 1].key.slice(prefix.length)),
  };
}

export async function readDelivery(context: Context, ref: DeliveryRef): Promise<Delivery> {
  await assertKnown(context, ref);
  return deliverySchema.parse(await findDelivery(context, ref));
}

/** Sends a sample event to an endpoint, whatever events it asked for. */
export async function sendTest(context: Context, ref: EndpointRef, requestId: string): Promise<Delivery> {
  await assertEnabled(context, ref);
  const { tenant, endpoint_id } = ref;
  const data = { message: 'This is a test.', endpoint_id };
  const event: WebhookEvent = { type: 'webhook.test', timestamp: new Date().toISOString(), data };
  const sent = { tenant, subject: 'endpoint', id: uuidv7(), event, requestId } as const;
  const delivery = deliveryOf(sent, { endpoint_id });
  await createDelivery(context, delivery);
  return deliverySchema.parse(delivery);
}

/**
 * Sends a delivery again, as the same message, with the whole schedule before it. One that is still being
 * tried is tried now.
 */
export async function replayDelivery(context: Context, ref: DeliveryRef): Promise<Delivery> {
  const { records, queues } = context;
  await assertKnown(context, ref);
  if (ref.endpoint_id !== tenantEndpointId(ref.tenant)) await assertEnabled(context, ref);
  const delivery = await findDelivery(context, ref);
  const now = new Date().toISOString();
  if (delivery.status === 'pending') {
    const next: DeliveryRecord = { ...delivery, next_attempt_at: now };
    await records.webhooks.deliveries.put(next);
    const job = await queues.of('webhooks').getJob(deliveryJobId(next));
    if (await job?.isDelayed()) await job?.promote().catch(() => undefined);
    return deliverySchema.parse(next);
  }
  const round = delivery.round + 1;
  const next: DeliveryRecord = { ...delivery, status: 'pending', round, tried: 0, next_attempt_at: now };
  await records.webhooks.pending.add(ref);
  await records.webhooks.deliveries.put(next);
  await queueDelivery(queues, next);
  return deliverySchema.parse(next);
}

async function findDelivery({ records }: Context, ref: DeliveryRef): Promise<DeliveryRecord> {
  const delivery = await records.webhooks.deliveries.get(ref);
  if (!delivery) throw new CodedError('not_found', 'There is no such delivery');
  return delivery;
}

/** An endpoint, or what stands for the addresses that the tenant's submissions named. */
async function assertKnown(context: Context, ref: EndpointRef): Promise<void> {
  if (ref.endpoint_id !== tenantEndpointId(ref.tenant)) await findEndpoint(context, ref);
}

async function assertEnabled(context: Context, ref: EndpointRef): Promise<void> {
  const endpoint = await findEndpoint(context, ref);
  const disablement = await context.records.webhooks.disablements.get(ref);
  if (endpoint.enabled && !disablement) return;
  throw new CodedError('conflict', 'The endpoint is disabled; enable it first');
}
