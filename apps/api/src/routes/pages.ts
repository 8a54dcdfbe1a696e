import { Router, type Request } from 'express';
import { servePage, servePageFiles } from '../web-pages';

/** The addresses of the interface; any other path is a thing that is not there. */
const PATHS = [
  '/',
  '/analyses/:id',
  '/shared/:token',
  '/shared/:token/model',
  '/batches',
  '/batches/:id',
  '/history',
  '/webhooks',
  '/keys',
  '/model',
  '/monitoring',
  '/status',
  '/sign-in',
];

/** The web interface: static files, and one page for all its addresses. */
export function pagesRoutes(): Router {
  const routes = Router();
  const page = servePage();
  if (page) routes.get(PATHS, page);
  routes.get('/{*path}', servePageFiles());
  if (page)
    routes.get('/{*path}', (request, response, next) => {
      if (!isForPeople(request)) return next();
      response.status(404);
      return page(request, response, next);
    });
  return routes;
}

/** An address typed or followed wrongly is told in a page; programs, and whoever looks at the API, get JSON. */
function isForPeople(request: Request): boolean {
  return !request.path.startsWith('/v1/') && request.accepts(['json', 'html']) === 'html';
}
