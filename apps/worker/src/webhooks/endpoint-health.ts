import type { EndpointDisablement, EndpointRef, WebhookEvent } from '@bonafide/contracts';
import { noteEndpointsChanged, sendEvent } from '@bonafide/platform';
import type { WorkerContext } from '../context';

const DETAILS = {
  gone: 'The receiver answered 410: it wants no more',
  failing: 'Every attempt has failed for too long',
} as const;

/** A delivery arrived: whatever failed before is over. */
export async function noteSuccess({ records }: WorkerContext, ref: EndpointRef): Promise<void> {
  const { failings } = records.webhooks;
  if (await failings.get(ref)) await failings.remove(ref);
}

/** Notes a failed attempt, and says whether there has been nothing else for longer than the limit. */
export async function hasFailedTooLong(
  { records, config }: WorkerContext,
  ref: EndpointRef,
  at: string,
): Promise<boolean> {
  const { failings } = records.webhooks;
  if ((await failings.create({ format: 1, ...ref, since: at })) === 'created') return false;
  const failing = await failings.get(ref);
  const limitMs = config.webhooks.disableAfterSec * 1000;
  return failing !== null && Date.parse(at) - Date.parse(failing.since) >= limitMs;
}

/** Disables an endpoint that its owner has enabled, once, and says why. */
export async function disableEndpoint(
  context: WorkerContext,
  ref: EndpointRef,
  reason: EndpointDisablement['reason'],
): Promise<void> {
  const at = new Date().toISOString();
  const wanted: EndpointDisablement = { format: 1, ...ref, at, reason, detail: DETAILS[reason] };
  const written = await context.records.webhooks.disablements.create(wanted);
  context.log.warn({ ...ref, reason, written }, 'a webhook endpoint is disabled');
  await noteEndpointsChanged(context.redis, ref.tenant);
  await tellOfDisablement(context, ref);
}

/** To the tenant's other endpoints; may be called again for the same disablement. */
export async function tellOfDisablement(context: WorkerContext, ref: EndpointRef): Promise<void> {
  const { webhooks } = context.records;
  const [endpoint, disablement] = await Promise.all([
    webhooks.endpoints.get(ref),
    webhooks.disablements.get(ref),
  ]);
  if (!endpoint || !disablement) return;
  const { at, reason, detail } = disablement;
  const self = `${context.config.http.linksUrl ?? ''}/v1/webhook-endpoints/${endpoint.id}`;
  const data = { id: endpoint.id, url: endpoint.url, reason, detail, disabled_at: at, links: { self } };
  const event: WebhookEvent = { type: 'endpoint.disabled', timestamp: at, data };
  await sendEvent(context, { tenant: ref.tenant, subject: 'endpoint', id: endpoint.id, event });
}
