import type { Request } from 'express';

/** The path as the routes name it, `/v1/analyses/:id`; what no route took is one of a kind. To be read at the end. */
export function patternOf(request: Request): string {
  const { route } = request as { route?: { path?: unknown } };
  return typeof route?.path === 'string' ? request.baseUrl + route.path : 'none';
}
