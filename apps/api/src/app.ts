import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import { authenticate } from './authenticate';
import type { ApiContext } from './context';
import { answerOnce } from './idempotency';
import { createApiMetrics } from './metrics';
import { answerProblem, noSuchPath } from './problems';
import { limitRates } from './rate-limits';
import { identifyRequest, logRequest, requireHost } from './requests';
import { analysesRoutes } from './routes/analyses';
import { batchesRoutes } from './routes/batches';
import { eventsRoutes } from './routes/events';
import { feedbackRoutes } from './routes/feedback';
import { healthRoutes } from './routes/health';
import { keysRoutes } from './routes/keys';
import { mediaRoutes } from './routes/media';
import { metricsRoutes } from './routes/metrics';
import { modelsRoutes } from './routes/models';
import { monitoringRoutes } from './routes/monitoring';
import { pagesRoutes } from './routes/pages';
import { queuesRoutes } from './routes/queues';
import { queueBoardRoutes } from './routes/queue-board';
import { referenceRoutes } from './routes/reference';
import { sessionRoutes } from './routes/session';
import { sharedRoutes, sharesRoutes } from './routes/shares';
import { signedUploadsRoutes, uploadsRoutes } from './routes/uploads';
import { voiceDataRoutes } from './routes/voice-data';
import { webhookEndpointsRoutes } from './routes/webhook-endpoints';
import { refuseForeignOrigin } from './session';
import { traceRequest } from './trace-requests';

/** TLS ends at a proxy, if anywhere: a page served over plain HTTP must not be told to load the rest by HTTPS. */
const HEADERS = {
  strictTransportSecurity: false,
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
} as const;

/** Where a key is asked for; everything else is open to whoever reaches the service. */
const GUARDED = ['/v1', '/analyze_voice_data'];

export function createApp(context: ApiContext): Express {
  const app = express();
  const metrics = createApiMetrics(context);
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(identifyRequest, metrics.measure, traceRequest, logRequest(context.log));
  app.use(helmet(HEADERS), requireHost, refuseForeignOrigin);
  app.use(openRoutes(context), metricsRoutes(context, metrics), queueBoardRoutes(context));
  app.use(GUARDED, authenticate(context), limitRates(context), answerOnce(context));
  app.use(guardedRoutes(context));
  app.use(pagesRoutes());
  app.use(noSuchPath, answerProblem(context.log));
  return app;
}

/** What needs no key: it tells nothing of anybody's, or the address itself is the permission. */
function openRoutes(context: ApiContext): Router {
  return Router().use(
    healthRoutes(context),
    referenceRoutes(context),
    sessionRoutes(context),
    sharedRoutes(context),
    signedUploadsRoutes(context),
  );
}

function guardedRoutes(context: ApiContext): Router {
  return Router().use(
    analysesRoutes(context),
    feedbackRoutes(context),
    voiceDataRoutes(context),
    batchesRoutes(context),
    uploadsRoutes(context),
    eventsRoutes(context),
    webhookEndpointsRoutes(context),
    keysRoutes(context),
    mediaRoutes(context),
    sharesRoutes(context),
    modelsRoutes(context),
    queuesRoutes(context),
    monitoringRoutes(context),
  );
}
