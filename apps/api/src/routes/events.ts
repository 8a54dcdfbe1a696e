import { Router } from 'express';
import type { ApiContext } from '../context';

export function eventsRoutes(_context: ApiContext): Router {
  return Router();
}
