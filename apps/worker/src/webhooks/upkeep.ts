import type { EndpointRef } from '@bonafide/contracts';
import { DELIVERIES_PREFIX, requeueDeliveries, tenantEndpointId, turnId } from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** How long what was delivered can be looked at and sent again. */
const KEPT_MS = 30 * 86_400_000;
const KEY = /^([^/]+)\/([^/]+)\/([0-9a-f-]{36})\.json$/;

/** Removes deliveries that are old or whose endpoint is gone, and queues again those whose job is. */
export async function keepDeliveries(context: WorkerContext): Promise<void> {
  const { store, log } = context;
  const oldestMs = Date.now() - KEPT_MS;
  const isKnown = endpointLookup(context);
  let removed = 0;
  for await (const { key } of store.list(DELIVERIES_PREFIX)) {
    const [, tenant, endpoint_id, turned] = KEY.exec(key.slice(DELIVERIES_PREFIX.length)) ?? [];
    if (turned === undefined) continue;
    const isOld = timeOf(turnId(turned)) < oldestMs;
    if (!isOld && (await isKnown({ tenant, endpoint_id }))) continue;
    await store.remove(key);
    removed += 1;
  }
  const pending = await requeueDeliveries(context, { where: 'everywhere' });
  if (removed > 0 || pending > 0) log.info({ removed, pending }, 'webhook deliveries looked through');
}

/** Deliveries of one endpoint lie together, so it is looked up once. */
function endpointLookup({ records }: WorkerContext): (ref: EndpointRef) => Promise<boolean> {
  let last: { id: string; isThere: boolean } | undefined;
  return async (ref) => {
    if (ref.endpoint_id !== last?.id) {
      const isTenants = ref.endpoint_id === tenantEndpointId(ref.tenant);
      const isThere = isTenants || (await records.webhooks.endpoints.get(ref)) !== null;
      last = { id: ref.endpoint_id, isThere };
    }
    return last.isThere;
  };
}

/** The first 48 bits of a UUIDv7 are its time, milliseconds. */
function timeOf(id: string): number {
  return parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
