import { CodedError, sessionRequestSchema, type Session } from '@bonafide/contracts';
import { isLoopback, parseKey } from '@bonafide/platform';
import { Router, type Request } from 'express';
import type { ApiContext } from '../context';
import { jsonBody, readBody } from '../json-body';
import { onlyMethods } from '../problems';
import { beginSession, endSession, readSession } from '../session';

type Needs = Pick<ApiContext, 'store' | 'keyring' | 'config'>;

/** A browser's way in: the key is shown once, a cookie stands for it from then on. */
export function sessionRoutes(context: Needs): Router {
  const routes = Router();
  routes
    .route('/session')
    .get(async (request, response) => {
      response.set('Cache-Control', 'no-store').json(await sessionOf(context, request));
    })
    .post(jsonBody(), async (request, response) => {
      const { key } = readBody(request, sessionRequestSchema);
      const prefix = parseKey(key)?.prefix;
      if (prefix === undefined || !(await context.keyring.verify(key))) throw new CodedError('unauthorized');
      await beginSession(context, prefix, { request, response });
      response.status(204).end();
    })
    .delete((request, response) => {
      endSession({ request, response });
      response.status(204).end();
    })
    .all(onlyMethods('GET, HEAD, POST, DELETE'));
  return routes;
}

async function sessionOf({ keyring, config, store }: Needs, request: Request): Promise<Session> {
  if (isLoopback(config.http.host) && !(await keyring.hasKeys())) {
    return { authentication: 'keyless', principal: null };
  }
  const session = await readSession({ store }, request);
  if (!session) return { authentication: 'needed', principal: null };
  const principal = await keyring.verifyPrefix(session.keyPrefix);
  return { authentication: principal ? 'signed_in' : 'ended', principal };
}
