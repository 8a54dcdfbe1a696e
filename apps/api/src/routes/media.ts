import { analysisIdSchema, CodedError } from '@bonafide/contracts';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { sendMedia } from '../media';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';

/** The recording of an analysis, whole or in parts, for listening to it again. */
export function mediaRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/analyses/:id/media')
    .get(async (request, response: LocalResponse) => {
      const id = analysisIdSchema.safeParse(request.params.id);
      if (!id.success) throw new CodedError('not_found', 'There is no such analysis');
      const ref = { tenant: response.locals.tenant, analysis_id: id.data };
      await sendMedia(context, ref, { request, response });
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}
