import { Router } from 'express';
import type { ApiContext } from '../context';
import { activeVersion, modelSources } from '../models';
import { onlyMethods } from '../problems';
import { checkReadiness } from '../readiness';

export function healthRoutes(context: ApiContext): Router {
  const routes = Router();
  const sources = modelSources(context);
  routes
    .route('/livez')
    .get((_request, response) => void response.json({ status: 'alive' }))
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/readyz')
    .get(async (_request, response) => {
      const readiness = await checkReadiness(context, () => activeVersion(sources));
      response.status(readiness.status === 'ready' ? 200 : 503).json(readiness);
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}
