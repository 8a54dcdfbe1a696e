import { Router } from 'express';
import type { ApiContext } from '../context';

export function batchesRoutes(_context: ApiContext): Router {
  return Router();
}
