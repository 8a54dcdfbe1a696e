import { randomUUID } from 'node:crypto';
import type { DeliveryRecord } from '@bonafide/contracts';
import type { Records } from '../records/records';
import { assertConnected, KEY_PREFIX, type RedisConnection } from '../redis/connections';
import type { Queues } from '../redis/queues';

/** One job a round: a replay is a new one, and the same round is never queued twice. */
export const deliveryJobId = ({ id, round }: Pick<DeliveryRecord, 'id' | 'round'>) => `${id}-${round}`;

export async function queueDelivery(
  queues: Queues,
  delivery: DeliveryRecord,
  { delayMs = 0 }: { delayMs?: number } = {},
): Promise<void> {
  const { tenant, endpoint_id, id, request_id } = delivery;
  const payload = { tenant, endpoint_id, delivery_id: id, request_id };
  await queues.add('webhook.deliver', deliveryJobId(delivery), payload, { delayMs });
}

/** There as long as Redis is the one that all pending deliveries were queued in. */
const SENTINEL_KEY = `${KEY_PREFIX}:webhooks:queued`;

type Context = { records: Records; redis: RedisConnection; queues: Queues };

/**
 * Queues the pending deliveries whose job is gone, and says how many are pending. `where: 'emptied'` looks
 * only when Redis has lost what it had, which costs nothing otherwise.
 */
export async function requeueDeliveries(
  { records, redis, queues }: Context,
  { where }: { where: 'emptied' | 'everywhere' },
): Promise<number> {
  assertConnected(redis);
  if (where === 'emptied' && (await redis.exists(SENTINEL_KEY)) === 1) return 0;
  let pending = 0;
  for await (const ref of records.webhooks.pending.list()) {
    const delivery = await records.webhooks.deliveries.get(ref);
    if (delivery?.status === 'pending') {
      await requeue(queues, delivery);
      pending += 1;
    } else {
      await records.webhooks.pending.remove(ref);
    }
  }
  await redis.set(SENTINEL_KEY, randomUUID());
  return pending;
}

/** A job that ended although its delivery did not is in the way of the next one. */
async function requeue(queues: Queues, delivery: DeliveryRecord): Promise<void> {
  const job = await queues.of('webhooks').getJob(deliveryJobId(delivery));
  if (job && (job.finishedOn ?? 0) > 0) await job.remove();
  else if (job) return;
  await queueDelivery(queues, delivery, {
    delayMs: Math.max(0, Date.parse(delivery.next_attempt_at ?? delivery.created_at) - Date.now()),
  });
}
