import { analysisIdSchema, CodedError, shareRequestSchema } from '@bonafide/contracts';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { sendMedia } from '../media';
import { jsonBody, readBody } from '../json-body';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';
import { createShare, openShare, readShared } from '../shares';

/** Making a link needs the right to read what it shows. */
export function sharesRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/analyses/:id/shares')
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const id = analysisIdSchema.safeParse(request.params.id);
      if (!id.success) throw new CodedError('not_found', 'There is no such analysis');
      const wish = readBody(request, shareRequestSchema);
      const ref = { tenant: response.locals.tenant, analysis_id: id.data.toLowerCase() };
      response.status(201).json(await createShare(context, ref, wish.expires_in_sec));
    })
    .all(onlyMethods('POST'));
  return routes;
}

/** Opening one needs the link and nothing else: to be mounted where no key is asked for. */
export function sharedRoutes(context: ApiContext): Router {
  const routes = Router();
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
  return routes;
}
