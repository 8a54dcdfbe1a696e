import { Router } from 'express';
import type { ApiContext } from '../context';
import { onlyMethods } from '../problems';
import { checkReadiness } from '../readiness';

export function healthRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/livez')
    .get((_request, response) => void response.json({ status: 'alive' }))
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/readyz')
    .get(async (_request, response) => {
      const readiness = await checkReadiness(context);
      response.status(readiness.status === 'ready' ? 200 : 503).json(readiness);
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}
