import {
  CodedError,
  keyCreationSchema,
  pageQuerySchema,
  type Key,
  type Page,
  type PageQuery,
} from '@bonafide/contracts';
import { createKey, listKeys, revokeKey } from '@bonafide/platform';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { readCursor, writeCursor } from '../cursor';
import { jsonBody, readBody, readQuery } from '../json-body';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';

/** Keys of the caller's own tenant; those of others are made and seen by the operator's command line alone. */
export function keysRoutes({ records }: Pick<ApiContext, 'records'>): Router {
  const routes = Router();
  routes
    .route('/v1/keys')
    .get(async (request, response: LocalResponse) => {
      const keys = await listKeys(records, response.locals.tenant);
      response.set('Cache-Control', 'no-store').json(pageOf(keys, readQuery(request, pageQuerySchema)));
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

/** Oldest first, so that a key made meanwhile comes at the end. */
function pageOf(keys: readonly Key[], { limit, cursor }: PageQuery): Page<Key> {
  const after = readCursor(cursor) ?? '';
  const rest = keys.filter(({ id }) => id > after);
  const items = rest.slice(0, limit);
  return { items, next_cursor: rest.length > limit ? writeCursor(items[limit - 1].id) : null };
}
