import { Router } from 'express';
import type { ApiContext } from '../context';
import type { ApiMetrics } from '../metrics';
import { requireMetricsReader } from '../operator';
import { onlyMethods } from '../problems';

const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Figures of this process and of what all processes share, for Prometheus. */
export function metricsRoutes(context: ApiContext, metrics: ApiMetrics): Router {
  const routes = Router();
  routes
    .route('/metrics')
    .get(requireMetricsReader(context), async (_request, response) => {
      const text = await metrics.render();
      response.set({ 'Content-Type': PROMETHEUS_TEXT, 'Cache-Control': 'no-store' }).send(text);
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}
