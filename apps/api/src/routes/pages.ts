import { Router } from 'express';
import { servePage, servePageFiles } from '../web-pages';

/** The addresses of the interface; any other path stays what it was, a thing that is not there. */
const PATHS = [
  '/',
  '/analyses/:id',
  '/shared/:token',
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
  return routes;
}
