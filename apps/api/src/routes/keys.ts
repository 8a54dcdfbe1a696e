import { CodedError, keyCreationSchema } from '@bonafide/contracts';
import { createKey, listKeys, revokeKey } from '@bonafide/platform';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { jsonBody, readBody } from '../json-body';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';

/** Keys of the caller's own tenant; those of others are made and seen by the operator's command line alone. */
export function keysRoutes({ records }: Pick<ApiContext, 'records'>): Router {
  const routes = Router();
  routes
    .route('/v1/keys')
    .get(async (_request, response: LocalResponse) => {
      const items = await listKeys(records, response.locals.tenant);
      response.set('Cache-Control', 'no-store').json({ items, next_cursor: null });
    })
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const wish = readBody(request, keyCreationSchema);
      const key = await createKey(records, { ...wish, tenant: response.locals.tenant });
      response.status(201).location(`/v1/keys/${key.id}`).set('Cache-Control', 'no-store').json(key);
    })
    .all(onlyMethods('GET, HEAD, POST'));
  routes
    .route('/v1/keys/:id')
    .delete(async (request, response: LocalResponse) => {
      const key = await revokeKey(records, request.params.id.toLowerCase(), response.locals.tenant);
      if (!key) throw new CodedError('not_found', 'There is no such key');
      response.json(key);
    })
    .all(onlyMethods('DELETE'));
  return routes;
}
