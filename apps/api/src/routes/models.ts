import type { Model } from '@bonafide/contracts';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { onlyMethods } from '../problems';
import { readModel } from '../read-model';

/** A bundle changes with a restart of the workers; the figures are some hundred kilobytes to parse. */
const FRESH_MS = 30_000;

export function modelsRoutes({ config }: Pick<ApiContext, 'config'>): Router {
  const routes = Router();
  let known: { model: Model; readAtMs: number } | undefined;
  const current = async () => {
    const nowMs = Date.now();
    if (!known || nowMs - known.readAtMs > FRESH_MS) {
      known = { model: await readModel(config.analysis.modelsDir), readAtMs: nowMs };
    }
    return known.model;
  };
  routes
    .route('/v1/models/current')
    .get(async (_request, response) => {
      response.set('Cache-Control', 'private, max-age=30').json(await current());
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}
