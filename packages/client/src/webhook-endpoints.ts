import {
  createdEndpointSchema,
  deliverySchema,
  endpointSchema,
  pageSchema,
  rotatedSecretSchema,
  type CreatedEndpoint,
  type Delivery,
  type Endpoint,
  type EndpointChange,
  type EndpointCreation,
  type Page,
} from '@bonafide/contracts';
import type { ListedPage } from './batches';
import type { CallOptions, Connection, CreationOptions } from './connection';

export type WebhookEndpoints = {
  /** The one answer that holds the secret. */
  create(
    wish: Partial<EndpointCreation> & { url: string },
    options?: CreationOptions,
  ): Promise<CreatedEndpoint>;
  list(query?: ListedPage, options?: CallOptions): Promise<Page<Endpoint>>;
  get(id: string, options?: CallOptions): Promise<Endpoint>;
  change(id: string, change: EndpointChange, options?: CallOptions): Promise<Endpoint>;
  remove(id: string, options?: CallOptions): Promise<void>;
  /** A new secret; for `overlap` (such as `24h`) the old one signs beside it. */
  rotate(
    id: string,
    wish?: { overlap?: string },
    options?: CallOptions,
  ): Promise<ReturnType<typeof rotatedSecretSchema.parse>>;
  /** Sends a sample event. */
  test(id: string, options?: CallOptions): Promise<Delivery>;
  deliveries(id: string, query?: ListedPage, options?: CallOptions): Promise<Page<Delivery>>;
  replay(id: string, deliveryId: string, options?: CallOptions): Promise<Delivery>;
};

const BASE = '/v1/webhook-endpoints';
const pathOf = (id: string) => `${BASE}/${encodeURIComponent(id)}`;

export function webhookEndpointsOf({ send, read }: Connection): WebhookEndpoints {
  const post = { method: 'POST' };
  return {
    create: (json, options) => read(createdEndpointSchema, BASE, { ...options, ...post, json }),
    list: (query, options) => read(pageSchema(endpointSchema), BASE, { ...options, query }),
    get: (id, options) => read(endpointSchema, pathOf(id), options),
    change: (id, json, options) => read(endpointSchema, pathOf(id), { ...options, method: 'PATCH', json }),
    remove: async (id, options) => void (await send(pathOf(id), { ...options, method: 'DELETE' })),
    rotate: (id, json = {}, options) =>
      read(rotatedSecretSchema, `${pathOf(id)}/rotate-secret`, { ...options, ...post, json }),
    test: (id, options) => read(deliverySchema, `${pathOf(id)}/test`, { ...options, ...post }),
    deliveries: (id, query, options) =>
      read(pageSchema(deliverySchema), `${pathOf(id)}/deliveries`, { ...options, query }),
    replay: (id, deliveryId, options) =>
      read(deliverySchema, `${pathOf(id)}/deliveries/${encodeURIComponent(deliveryId)}/replay`, {
        ...options,
        ...post,
      }),
  };
}
