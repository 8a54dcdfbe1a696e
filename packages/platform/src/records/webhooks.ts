import {
  deliveryRecordSchema,
  endpointRecordSchema,
  type DeliveryRecord,
  type DeliveryRef,
  type EndpointRecord,
  type EndpointRef,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export const endpointsPrefix = (tenant: string) => `webhook-endpoints/${tenant}/`;
export const deliveriesPrefix = ({ tenant, endpoint_id }: EndpointRef) =>
  `deliveries/${tenant}/${endpoint_id}/`;

export function endpointRecords(store: ObjectStore): Collection<EndpointRef, EndpointRecord> {
  return createCollection(store, {
    schema: endpointRecordSchema,
    keyOf: ({ tenant, endpoint_id }: EndpointRef) => `${endpointsPrefix(tenant)}${endpoint_id}.json`,
    refOf: ({ tenant, id }) => ({ tenant, endpoint_id: id }),
  });
}

export function deliveryRecords(store: ObjectStore): Collection<DeliveryRef, DeliveryRecord> {
  return createCollection(store, {
    schema: deliveryRecordSchema,
    keyOf: (ref: DeliveryRef) => `${deliveriesPrefix(ref)}${ref.delivery_id}.json`,
    refOf: ({ tenant, endpoint_id, id }) => ({ tenant, endpoint_id, delivery_id: id }),
  });
}
