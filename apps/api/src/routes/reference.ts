import { Router } from 'express';
import type { ApiContext } from '../context';

export function referenceRoutes(_context: ApiContext): Router {
  return Router();
}
