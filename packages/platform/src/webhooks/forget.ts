import type { DeliveryRef, Outcome } from '@bonafide/contracts';
import type { Records } from '../records/records';
import { endpointsPrefix } from '../records/webhooks';
import { deliveryIdOf, tenantEndpointId } from './delivery-id';

/**
 * Removes what is stored of telling the end of an analysis: the bodies with its result. Returns how many.
 * `webhookUrl` is what its submission named.
 */
export async function forgetAnnouncement(
  { webhooks }: Pick<Records, 'webhooks'>,
  { tenant, id, status, finished_at }: Outcome,
  webhookUrl?: string,
): Promise<number> {
  const type = `analysis.${status}`;
  const idAt = (endpointId: string, url = '') =>
    deliveryIdOf(finished_at, ['analysis', id, endpointId, type, url]);
  const refs: DeliveryRef[] = [];
  for await (const { doc } of webhooks.endpoints.list(endpointsPrefix(tenant))) {
    refs.push({ tenant, endpoint_id: doc.id, delivery_id: idAt(doc.id) });
  }
  if (webhookUrl !== undefined) {
    const endpointId = tenantEndpointId(tenant);
    refs.push({ tenant, endpoint_id: endpointId, delivery_id: idAt(endpointId, webhookUrl) });
  }
  let removed = 0;
  for (const ref of refs) {
    if ((await webhooks.deliveries.get(ref)) === null) continue;
    await Promise.all([webhooks.deliveries.remove(ref), webhooks.pending.remove(ref)]);
    removed += 1;
  }
  return removed;
}
