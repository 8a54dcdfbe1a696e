import { Router } from 'express';
import type { ApiContext } from '../context';

export function uploadsRoutes(_context: ApiContext): Router {
  return Router();
}
