import { Router } from 'express';
import type { ApiContext } from '../context';

export function webhookEndpointsRoutes(_context: ApiContext): Router {
  return Router();
}
