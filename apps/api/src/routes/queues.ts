import { CodedError, isAllowed } from '@bonafide/contracts';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { onlyMethods } from '../problems';
import { readQueues } from '../read-queues';
import type { LocalResponse } from '../requests';

/** How busy the whole service is: for its administrators, because it tells of all tenants at once. */
export function queuesRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/queues')
    .get(async (_request, response: LocalResponse) => {
      if (!isAllowed(response.locals.principal, 'admin')) throw new CodedError('forbidden');
      response.set('Cache-Control', 'no-store').json(await readQueues(context));
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}
