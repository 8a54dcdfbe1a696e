import { randomUUID } from 'node:crypto';
import { subscribableEventSchema, type EndpointRecord, type EventType } from '@bonafide/contracts';
import { z } from 'zod';
import { assertConnected, KEY_PREFIX, type RedisConnection } from '../redis/connections';
import type { Records } from '../records/records';
import { endpointsPrefix } from '../records/webhooks';

/** The clocks of machines differ; what ended before an endpoint was made is not told to it. */
const CLOCK_SKEW_MS = 60_000;
/** How long a list may be used that was read while its tenant was changing it, at most. */
const CACHED_SEC = 60;

const subscriptionSchema = z.object({
  endpoint_id: z.string(),
  url: z.string(),
  events: z.array(subscribableEventSchema),
  created_at: z.string(),
});
const cachedSchema = z.object({ version: z.string().nullable(), items: z.array(subscriptionSchema) });

export type Subscription = z.infer<typeof subscriptionSchema>;
type Context = { records: Records; redis: RedisConnection };

const versionKey = (tenant: string) => `${KEY_PREFIX}:webhook-endpoints:${tenant}:version`;
const listKey = (tenant: string) => `${KEY_PREFIX}:webhook-endpoints:${tenant}:list`;

/** To be called when an endpoint was made, changed, disabled or removed, before that is acknowledged. */
export async function noteEndpointsChanged(redis: RedisConnection, tenant: string): Promise<void> {
  assertConnected(redis);
  await redis.set(versionKey(tenant), randomUUID());
}

/**
 * The enabled endpoints of a tenant that want the event and were there when it happened. Every end of an
 * analysis asks, so the list is kept in Redis under the version it was read at.
 */
export async function subscribersOf(
  { records, redis }: Context,
  { tenant, type, at }: { tenant: string; type: EventType; at: string },
): Promise<Subscription[]> {
  assertConnected(redis);
  const [version, cached] = await redis.mget(versionKey(tenant), listKey(tenant));
  const known = cachedSchema.safeParse(cached === null ? null : JSON.parse(cached));
  const isCurrent = known.success && known.data.version === version;
  const items = isCurrent ? known.data.items : await readEnabled(records, tenant);
  if (!isCurrent) {
    await redis.set(listKey(tenant), JSON.stringify({ version, items }), 'EX', CACHED_SEC);
  }
  const latestMs = Date.parse(at) + CLOCK_SKEW_MS;
  return items.filter(
    ({ events, created_at }) => events.some((each) => each === type) && Date.parse(created_at) <= latestMs,
  );
}

async function readEnabled({ webhooks }: Records, tenant: string): Promise<Subscription[]> {
  const found: Subscription[] = [];
  for await (const { doc } of webhooks.endpoints.list(endpointsPrefix(tenant))) {
    const ref = { tenant, endpoint_id: doc.id };
    if (doc.enabled && !(await webhooks.disablements.get(ref))) found.push(subscriptionOf(doc));
  }
  return found;
}

function subscriptionOf({ id, url, events, created_at }: EndpointRecord): Subscription {
  return { endpoint_id: id, url, events, created_at };
}
