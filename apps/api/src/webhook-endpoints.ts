import {
  CodedError,
  type CreatedEndpoint,
  type Endpoint,
  type EndpointChange,
  type EndpointCreation,
  type EndpointRecord,
  type EndpointRef,
  type Page,
  type PageQuery,
} from '@bonafide/contracts';
import {
  alone,
  assertConnected,
  deliveriesPrefix,
  endpointsPrefix,
  firstSecrets,
  noteEndpointsChanged,
} from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import type { ApiContext } from './context';
import { readCursor, writeCursor } from './cursor';
import { assertCallable } from './outbound';

type Context = Pick<ApiContext, 'config' | 'records' | 'redis' | 'store'>;

/** The one answer that holds the secret. */
export async function createEndpoint(
  context: Context,
  tenant: string,
  wish: EndpointCreation,
): Promise<CreatedEndpoint> {
  const { records, redis } = context;
  assertCallable(context, 'url', wish.url);
  assertConnected(redis);
  const now = new Date().toISOString();
  const secrets = firstSecrets();
  const endpoint: EndpointRecord = {
    ...{ format: 1, id: uuidv7(), tenant },
    ...wish,
    ...{ created_at: now, updated_at: now, secrets },
  };
  await records.webhooks.endpoints.create(endpoint);
  await noteEndpointsChanged(redis, tenant);
  return { ...(await viewOf(context, endpoint)), secret: secrets[0].secret };
}

/** @throws CodedError `not_found` */
export async function findEndpoint(
  { records }: Pick<Context, 'records'>,
  ref: EndpointRef,
): Promise<EndpointRecord> {
  const endpoint = await records.webhooks.endpoints.get(ref);
  if (!endpoint) throw new CodedError('not_found', 'There is no such endpoint');
  return endpoint;
}

export async function readEndpoint(context: Context, ref: EndpointRef): Promise<Endpoint> {
  return viewOf(context, await findEndpoint(context, ref));
}

/** In the order in which they were made. */
export async function listEndpoints(
  context: Context,
  tenant: string,
  { limit, cursor }: PageQuery,
): Promise<Page<Endpoint>> {
  const prefix = endpointsPrefix(tenant);
  const after = readCursor(cursor);
  const found: { key: string; doc: EndpointRecord }[] = [];
  for await (const each of context.records.webhooks.endpoints.list(prefix, after && `${prefix}${after}`)) {
    found.push(each);
    if (found.length > limit) break;
  }
  const shown = found.slice(0, limit);
  const items = await Promise.all(shown.map(({ doc }) => viewOf(context, doc)));
  const isLast = found.length <= limit;
  return { items, next_cursor: isLast ? null : writeCursor(shown[limit - 1].key.slice(prefix.length)) };
}

/** Of several changes at once none is lost. @throws CodedError `not_found` */
export async function rewriteEndpoint(
  context: Pick<Context, 'records' | 'redis'>,
  ref: EndpointRef,
  rewrite: (standing: EndpointRecord) => EndpointRecord,
): Promise<EndpointRecord> {
  assertConnected(context.redis);
  return alone(context.redis, `endpoint:${ref.endpoint_id}`, async () => {
    const changed = rewrite(await findEndpoint(context, ref));
    const endpoint = { ...changed, updated_at: new Date().toISOString() };
    await context.records.webhooks.endpoints.put(endpoint);
    return endpoint;
  });
}

/** Enabling it, or giving it another address, ends what we held against it. */
export async function changeEndpoint(
  context: Context,
  ref: EndpointRef,
  change: EndpointChange,
): Promise<Endpoint> {
  const { records, redis } = context;
  if (change.url !== undefined) assertCallable(context, 'url', change.url);
  assertConnected(redis);
  const { disablements, failings } = records.webhooks;
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const endpoint = await rewriteEndpoint(context, ref, (standing) => ({ ...standing, ...given }));
  if (change.enabled === true || change.url !== undefined) {
    await Promise.all([disablements.remove(ref), failings.remove(ref)]);
  }
  await noteEndpointsChanged(redis, ref.tenant);
  return viewOf(context, endpoint);
}

/** How many deliveries go at once with their endpoint; what is left goes with the next upkeep. */
const MAX_REMOVED = 1_000;

export async function removeEndpoint(context: Context, ref: EndpointRef): Promise<void> {
  const { records, redis, store } = context;
  const { endpoints, disablements, failings } = records.webhooks;
  await findEndpoint(context, ref);
  assertConnected(redis);
  await endpoints.remove(ref);
  await noteEndpointsChanged(redis, ref.tenant);
  await Promise.all([disablements.remove(ref), failings.remove(ref)]);
  let removed = 0;
  for await (const { key } of store.list(deliveriesPrefix(ref))) {
    await store.remove(key);
    removed += 1;
    if (removed === MAX_REMOVED) break;
  }
}

async function viewOf({ records }: Pick<Context, 'records'>, record: EndpointRecord): Promise<Endpoint> {
  const { disablements, failings } = records.webhooks;
  const ref = { tenant: record.tenant, endpoint_id: record.id };
  const [disablement, failing] = await Promise.all([disablements.get(ref), failings.get(ref)]);
  const { format: _format, tenant: _tenant, secrets: _secrets, ...shown } = record;
  return {
    ...shown,
    enabled: record.enabled && disablement === null,
    failing_since: failing?.since ?? null,
    disabled: disablement && {
      at: disablement.at,
      reason: disablement.reason,
      detail: disablement.detail,
    },
  };
}
