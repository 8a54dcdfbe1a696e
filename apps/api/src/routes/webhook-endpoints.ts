import {
  CodedError,
  deliveryIdSchema,
  endpointChangeSchema,
  endpointCreationSchema,
  endpointIdSchema,
  pageQuerySchema,
  rotationSchema,
  type DeliveryRef,
  type EndpointRef,
} from '@bonafide/contracts';
import { Router, type Request } from 'express';
import type { ApiContext } from '../context';
import { jsonBody, readBody, readQuery } from '../json-body';
import { outboundOf } from '../outbound';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';
import { listDeliveries, readDelivery, replayDelivery, sendTest } from '../webhook-deliveries';
import {
  changeEndpoint,
  createEndpoint,
  listEndpoints,
  readEndpoint,
  removeEndpoint,
} from '../webhook-endpoints';
import { rotateEndpointSecret } from '../webhook-secrets';
import { webhookSecretRoutes } from './webhook-secret';

const BASE = '/v1/webhook-endpoints';

export function webhookEndpointsRoutes(context: ApiContext): Router {
  // An allow-list that cannot be read keeps the process from starting.
  outboundOf(context);
  return Router().use(
    endpointRoutes(context),
    secretRoutes(context),
    deliveryRoutes(context),
    webhookSecretRoutes(context),
  );
}

function endpointRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route(BASE)
    .get(async (request, response: LocalResponse) => {
      const page = await listEndpoints(context, response.locals.tenant, readQuery(request, pageQuerySchema));
      response.set('Cache-Control', 'no-store').json(page);
    })
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const wish = readBody(request, endpointCreationSchema);
      const endpoint = await createEndpoint(context, response.locals.tenant, wish);
      response.status(201).location(`${BASE}/${endpoint.id}`).set('Cache-Control', 'no-store').json(endpoint);
    })
    .all(onlyMethods('GET, HEAD, POST'));
  routes
    .route(`${BASE}/:id`)
    .get(async (request, response: LocalResponse) => {
      response.set('Cache-Control', 'no-store').json(await readEndpoint(context, refOf(request, response)));
    })
    .patch(jsonBody(), async (request, response: LocalResponse) => {
      const ref = refOf(request, response);
      const change = readBody(request, endpointChangeSchema);
      response.set('Cache-Control', 'no-store').json(await changeEndpoint(context, ref, change));
    })
    .delete(async (request, response: LocalResponse) => {
      await removeEndpoint(context, refOf(request, response));
      response.status(204).end();
    })
    .all(onlyMethods('GET, HEAD, PATCH, DELETE'));
  return routes;
}

function secretRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route(`${BASE}/:id/rotate-secret`)
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const rotation = request.body === undefined ? {} : readBody(request, rotationSchema);
      const rotated = await rotateEndpointSecret(context, refOf(request, response), rotation);
      response.set('Cache-Control', 'no-store').json(rotated);
    })
    .all(onlyMethods('POST'));
  return routes;
}

function deliveryRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route(`${BASE}/:id/test`)
    .post(async (request, response: LocalResponse) => {
      const ref = refOf(request, response);
      const delivery = await sendTest(context, ref, response.locals.requestId);
      response.status(202).location(pathOf(ref, delivery.id)).json(delivery);
    })
    .all(onlyMethods('POST'));
  routes
    .route(`${BASE}/:id/deliveries`)
    .get(async (request, response: LocalResponse) => {
      const ref = refOf(request, response);
      const page = await listDeliveries(context, ref, readQuery(request, pageQuerySchema));
      response.set('Cache-Control', 'no-store').json(page);
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route(`${BASE}/:id/deliveries/:delivery`)
    .get(async (request, response: LocalResponse) => {
      const delivery = await readDelivery(context, deliveryRefOf(request, response));
      response.set('Cache-Control', 'no-store').json(delivery);
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route(`${BASE}/:id/deliveries/:delivery/replay`)
    .post(async (request, response: LocalResponse) => {
      const ref = deliveryRefOf(request, response);
      const delivery = await replayDelivery(context, ref);
      response.status(202).location(pathOf(ref, delivery.id)).json(delivery);
    })
    .all(onlyMethods('POST'));
  return routes;
}

const pathOf = ({ endpoint_id }: EndpointRef, deliveryId: string) =>
  `${BASE}/${endpoint_id}/deliveries/${deliveryId}`;

/** What cannot be an id names nothing. */
function refOf({ params }: Request<{ id: string }>, { locals }: LocalResponse): EndpointRef {
  const id = endpointIdSchema.safeParse(params.id);
  if (!id.success) throw new CodedError('not_found', 'There is no such endpoint');
  return { tenant: locals.tenant, endpoint_id: id.data.toLowerCase() };
}

function deliveryRefOf(
  request: Request<{ id: string; delivery: string }>,
  response: LocalResponse,
): DeliveryRef {
  const id = deliveryIdSchema.safeParse(request.params.delivery);
  if (!id.success) throw new CodedError('not_found', 'There is no such delivery');
  return { ...refOf(request, response), delivery_id: id.data.toLowerCase() };
}
