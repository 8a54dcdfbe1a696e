import {
  CodedError,
  pageQuerySchema,
  shareIdSchema,
  shareRequestSchema,
  type ShareRef,
} from '@bonafide/contracts';
import { Router, type Request } from 'express';
import type { ApiContext } from '../context';
import { jsonBody, readBody, readQuery } from '../json-body';
import { sendMedia } from '../media';
import { modelSources } from '../models';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';
import { createShare, listShares, openShare, readShared, revokeShare } from '../shares';
import { refOf } from './analyses';
import { currentModelSender } from './models';

/** Links to an analysis: made, listed, revoked. */
export function sharesRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/analyses/:id/shares')
    .get(async (request, response: LocalResponse) => {
      const page = await listShares(context, refOf(request, response), readQuery(request, pageQuerySchema));
      response.set('Cache-Control', 'no-store').json(page);
    })
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const { expires_in_sec } = readBody(request, shareRequestSchema);
      const wish = { expiresInSec: expires_in_sec, keyId: response.locals.principal.key_id };
      response.status(201).json(await createShare(context, refOf(request, response), wish));
    })
    .all(onlyMethods('GET, HEAD, POST'));
  routes
    .route('/v1/analyses/:id/shares/:share')
    .delete(async (request, response: LocalResponse) => {
      const ref = shareOf(request, response);
      response.json(await revokeShare(context, ref, response.locals.principal.key_id));
    })
    .all(onlyMethods('DELETE'));
  return routes;
}

/** Opening one needs the link and nothing else: to be mounted where no key is asked for. */
export function sharedRoutes(context: ApiContext): Router {
  const routes = Router();
  const sendModel = currentModelSender(modelSources(context));
  routes
    .route('/v1/shared/:token')
    .get(async (request, response) => {
      response.set('Cache-Control', 'no-store').json(await readShared(context, request.params.token));
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/v1/shared/:token/media')
    .get(async (request, response) => {
      const { ref } = await openShare(context, request.params.token);
      await sendMedia(context, ref, { request, response });
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/v1/shared/:token/model')
    .get(async (request, response) => {
      await openShare(context, request.params.token);
      await sendModel(response);
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}

function shareOf(request: Request<{ id: string; share: string }>, response: LocalResponse): ShareRef {
  const id = shareIdSchema.safeParse(request.params.share);
  if (!id.success) throw new CodedError('not_found', 'There is no such link');
  return { ...refOf(request, response), share_id: id.data };
}
