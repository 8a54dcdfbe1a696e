import type { DeliveryRecord } from '@bonafide/contracts';
import { tenantSecrets, validSecrets } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import type { Target } from './attempt';

/** Where a delivery goes now and with what it is signed; or why it goes nowhere. */
export async function targetOf(
  { records }: WorkerContext,
  { tenant, endpoint_id, url }: DeliveryRecord,
): Promise<Target | 'removed' | 'disabled'> {
  if (url !== undefined)
    return { url, secrets: validSecrets((await tenantSecrets(records, tenant)).secrets) };
  const { endpoints, disablements } = records.webhooks;
  const ref = { tenant, endpoint_id };
  const [endpoint, disablement] = await Promise.all([endpoints.get(ref), disablements.get(ref)]);
  if (!endpoint) return 'removed';
  if (!endpoint.enabled || disablement) return 'disabled';
  return { url: endpoint.url, secrets: validSecrets(endpoint.secrets) };
}
