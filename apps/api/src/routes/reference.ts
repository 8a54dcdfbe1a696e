import { CodedError, errorCodeSchema } from '@bonafide/contracts';
import { isLoopback } from '@bonafide/platform';
import { Router, type Response } from 'express';
import type { ApiContext } from '../context';
import { describeApi, type Access, type ApiDocument } from '../description/document';
import { onlyMethods } from '../problems';
import { problemPage, problemsPage } from '../reference/problem-pages';
import { referencePage } from '../reference/reference-page';
import { STYLE } from '../reference/style';

/** The pages need one style sheet of ours and nothing else, least of all a script. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

export function referenceRoutes(context: Pick<ApiContext, 'keyring' | 'config'>): Router {
  const routes = Router();
  const described = new Map<Access, ApiDocument>();
  const describe = async () => {
    const access = await accessNow(context);
    const known = described.get(access) ?? describeApi(access);
    described.set(access, known);
    return known;
  };
  routes
    .route('/openapi.json')
    .get(async (_request, response) => {
      response
        .set({ 'Cache-Control': 'no-cache', 'Access-Control-Allow-Origin': '*' })
        .json(await describe());
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/docs')
    .get(async (_request, response) => sendPage(response, referencePage(await describe())))
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/docs/style.css')
    .get((_request, response) => void response.type('css').set('Cache-Control', 'max-age=3600').send(STYLE))
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/problems')
    .get((_request, response) => sendPage(response, problemsPage()))
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/problems/:code')
    .get((request, response) => {
      const code = errorCodeSchema.safeParse(request.params.code);
      if (!code.success) throw new CodedError('not_found', 'There is no such problem');
      sendPage(response, problemPage(code.data));
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}

/** What cannot be found out, because the store is away, is described as the stricter of both. */
async function accessNow({ keyring, config }: Pick<ApiContext, 'keyring' | 'config'>): Promise<Access> {
  const hasKeys = await keyring.hasKeys().catch(() => true);
  return isLoopback(config.http.host) && !hasKeys ? 'keyless' : 'keyed';
}

function sendPage(response: Response, page: string): void {
  response
    .set({ 'Content-Security-Policy': PAGE_POLICY, 'Cache-Control': 'no-cache' })
    .type('html')
    .send(page);
}
