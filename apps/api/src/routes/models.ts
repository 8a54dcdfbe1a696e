import {
  bundleVersionSchema,
  canaryWishSchema,
  CodedError,
  compareQuerySchema,
  isAllowed,
  shadowWishSchema,
  type Comparison,
  type Model,
} from '@bonafide/contracts';
import { compareModels, describeModels, readServing } from '@bonafide/platform';
import { Router, type Request, type Response } from 'express';
import type { ApiContext } from '../context';
import { jsonBody, readBody, readQuery } from '../json-body';
import { modelSources, wishServing, type ModelSources, type ServingWish } from '../models';
import { onlyMethods } from '../problems';
import { readModel } from '../read-model';
import type { LocalResponse } from '../requests';

/** Which one is active may change at any moment; what it is never does, and takes time to read. */
const FRESH = 'private, max-age=5';

export function modelsRoutes(context: ApiContext): Router {
  const sources = modelSources(context);
  const routes = Router();
  const sendCurrent = currentModelSender(sources);
  routes
    .route('/v1/models/current')
    .get((_request, response) => sendCurrent(response))
    .all(onlyMethods('GET, HEAD'));
  routes.use('/v1/models', (_request, response: LocalResponse, next) => {
    if (!isAllowed(response.locals.principal, 'admin')) throw new CodedError('forbidden');
    response.set('Cache-Control', 'no-store');
    next();
  });
  routes
    .route('/v1/models')
    .get(async (_request, response) => void response.json(await describeModels(sources)))
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/v1/models/compare')
    .get(async (request, response: LocalResponse) => {
      const comparison = await compareModels(sources, readQuery(request, compareQuerySchema));
      response.json(ofTenant(comparison, response.locals.tenant));
    })
    .all(onlyMethods('GET, HEAD'));
  routes.use(changeRoutes(sources));
  routes
    .route('/v1/models/:version')
    .get(async (request, response) => {
      response.json(await readModel(await sources.shelf.find(versionOf(request))));
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}

/** Answers with the bundle that judges, read anew only when it is another. */
export function currentModelSender(sources: ModelSources): (response: Response) => Promise<void> {
  let known: { digest: string; model: Model } | undefined;
  return async (response) => {
    const { active } = await readServing(sources);
    if (known?.digest !== active.digest) {
      const bundle = await sources.shelf.find(active.version, active.digest);
      known = { digest: active.digest, model: await readModel(bundle) };
    }
    response.set('Cache-Control', FRESH).json(known.model);
  };
}

function changeRoutes(sources: ModelSources): Router {
  const routes = Router();
  const change = (path: string, wishOf: (request: Request<{ version: string }>) => ServingWish) =>
    routes
      .route(path)
      .post(jsonBody(), async (request: Request<{ version: string }>, response: LocalResponse) => {
        const by = response.locals.principal.key_id ?? 'this machine';
        response.json(await wishServing(sources, wishOf(request), by));
      })
      .all(onlyMethods('POST'));
  change('/v1/models/:version/activate', (request) => ({ action: 'activate', version: versionOf(request) }));
  change('/v1/models/rollback', () => ({ action: 'rollback' }));
  change('/v1/models/shadow', (request) => ({ action: 'shadow', ...readBody(request, shadowWishSchema) }));
  change('/v1/models/canary', (request) => ({
    ...{ action: 'canary', share: 0 },
    ...readBody(request, canaryWishSchema),
  }));
  return routes;
}

/** Sums are of the whole service; no tenant is told of another's analyses. */
function ofTenant({ live, ...comparison }: Comparison, asking: string): Comparison {
  const largest = live?.largest.filter(({ tenant }) => tenant === asking) ?? [];
  return { ...comparison, live: live && { ...live, largest } };
}

/** What cannot be a version names nothing. */
function versionOf(request: Request<{ version: string }>): string {
  const version = bundleVersionSchema.safeParse(request.params.version);
  if (!version.success) throw new CodedError('not_found', 'There is no such bundle');
  return version.data;
}
