import { CodedError, isAllowed, rotationSchema } from '@bonafide/contracts';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { jsonBody, readBody } from '../json-body';
import { onlyMethods } from '../problems';
import type { LocalResponse } from '../requests';
import { readTenantSecret, rotateTenantSecret } from '../webhook-secrets';

/** The secret that signs what goes to the `webhook_url` of submissions: for those who may submit. */
export function webhookSecretRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/webhook-secret')
    .get(async (_request, response: LocalResponse) => {
      const { principal, tenant } = response.locals;
      if (!isAllowed(principal, 'submit')) {
        throw new CodedError('forbidden', 'The key does not have the scope submit');
      }
      response.set('Cache-Control', 'no-store').json(await readTenantSecret(context, tenant));
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/v1/webhook-secret/rotate')
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const rotation = request.body === undefined ? {} : readBody(request, rotationSchema);
      const rotated = await rotateTenantSecret(context, response.locals.tenant, rotation);
      response.set('Cache-Control', 'no-store').json(rotated);
    })
    .all(onlyMethods('POST'));
  return routes;
}
