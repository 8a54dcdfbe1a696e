import {
  deliveryRecordSchema,
  endpointDisablementSchema,
  endpointFailingSchema,
  endpointRecordSchema,
  tenantSecretsRecordSchema,
  type DeliveryRecord,
  type DeliveryRef,
  type EndpointDisablement,
  type EndpointFailing,
  type EndpointRecord,
  type EndpointRef,
  type TenantSecretsRecord,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export const DELIVERIES_PREFIX = 'deliveries/';
export const PENDING_PREFIX = 'pending-deliveries/';
export const endpointsPrefix = (tenant: string) => `webhook-endpoints/${tenant}/`;
export const deliveriesPrefix = ({ tenant, endpoint_id }: EndpointRef) =>
  `${DELIVERIES_PREFIX}${tenant}/${endpoint_id}/`;
const healthFolder = ({ tenant, endpoint_id }: EndpointRef) => `webhook-health/${tenant}/${endpoint_id}`;
const endpointRefOf = ({ tenant, endpoint_id }: EndpointRef) => ({ tenant, endpoint_id });

/** Ids sort by time; with each digit turned round they sort, and a folder lists them, the newest first. */
export function turnId(id: string): string {
  return id.replace(/[0-9a-f]/g, (digit) => (15 - parseInt(digit, 16)).toString(16));
}

/** The key of a delivery in its endpoint's folder: the cursor of a list. */
export const deliveryKey = (ref: DeliveryRef) => `${deliveriesPrefix(ref)}${turnId(ref.delivery_id)}.json`;

function endpointRecords(store: ObjectStore): Collection<EndpointRef, EndpointRecord> {
  return createCollection(store, {
    schema: endpointRecordSchema,
    keyOf: ({ tenant, endpoint_id }: EndpointRef) => `${endpointsPrefix(tenant)}${endpoint_id}.json`,
    refOf: ({ tenant, id }) => ({ tenant, endpoint_id: id }),
  });
}

function deliveryRecords(store: ObjectStore): Collection<DeliveryRef, DeliveryRecord> {
  return createCollection(store, {
    schema: deliveryRecordSchema,
    keyOf: deliveryKey,
    refOf: ({ tenant, endpoint_id, id }) => ({ tenant, endpoint_id, delivery_id: id }),
  });
}

/** What is known of how an endpoint does, each document created once and removed when it is over. */
function endpointFailings(store: ObjectStore): Collection<EndpointRef, EndpointFailing> {
  return createCollection(store, {
    schema: endpointFailingSchema,
    keyOf: (ref: EndpointRef) => `${healthFolder(ref)}/failing.json`,
    refOf: endpointRefOf,
  });
}

function endpointDisablements(store: ObjectStore): Collection<EndpointRef, EndpointDisablement> {
  return createCollection(store, {
    schema: endpointDisablementSchema,
    keyOf: (ref: EndpointRef) => `${healthFolder(ref)}/disabled.json`,
    refOf: endpointRefOf,
  });
}

function tenantSecretRecords(store: ObjectStore): Collection<{ tenant: string }, TenantSecretsRecord> {
  return createCollection(store, {
    schema: tenantSecretsRecordSchema,
    keyOf: ({ tenant }: { tenant: string }) => `webhook-secrets/${tenant}.json`,
    refOf: ({ tenant }) => ({ tenant }),
  });
}

const pendingKey = ({ tenant, endpoint_id, delivery_id }: DeliveryRef) =>
  `${PENDING_PREFIX}${tenant}/${endpoint_id}/${delivery_id}`;

/** Marks of the deliveries under way, so that they are found again without reading all there ever were. */
export type PendingDeliveries = {
  add(ref: DeliveryRef): Promise<void>;
  remove(ref: DeliveryRef): Promise<void>;
  list(): AsyncIterable<DeliveryRef>;
};

function pendingDeliveries(store: ObjectStore): PendingDeliveries {
  return {
    add: (ref) => store.put(pendingKey(ref), Buffer.from('{}')),
    remove: (ref) => store.remove(pendingKey(ref)),
    list: async function* () {
      for await (const { key } of store.list(PENDING_PREFIX)) {
        const [tenant, endpoint_id, delivery_id] = key.slice(PENDING_PREFIX.length).split('/');
        yield { tenant, endpoint_id, delivery_id };
      }
    },
  };
}

export type WebhookRecords = {
  endpoints: Collection<EndpointRef, EndpointRecord>;
  deliveries: Collection<DeliveryRef, DeliveryRecord>;
  pending: PendingDeliveries;
  failings: Collection<EndpointRef, EndpointFailing>;
  disablements: Collection<EndpointRef, EndpointDisablement>;
  tenantSecrets: Collection<{ tenant: string }, TenantSecretsRecord>;
};

export function webhookRecords(store: ObjectStore): WebhookRecords {
  return {
    endpoints: endpointRecords(store),
    deliveries: deliveryRecords(store),
    pending: pendingDeliveries(store),
    failings: endpointFailings(store),
    disablements: endpointDisablements(store),
    tenantSecrets: tenantSecretRecords(store),
  };
}
