import express, { type Express } from 'express';
import helmet from 'helmet';
import type { ApiContext } from './context';
import { answerProblem, noSuchPath } from './problems';
import { identifyRequest, logRequest } from './requests';
import { analysesRoutes } from './routes/analyses';
import { healthRoutes } from './routes/health';
import { voiceDataRoutes } from './routes/voice-data';

/** TLS ends at a proxy, if anywhere: a page served over plain HTTP must not be told to load the rest by HTTPS. */
const HEADERS = {
  strictTransportSecurity: false,
  contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
} as const;

export function createApp(context: ApiContext): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.use(identifyRequest, logRequest(context.log), helmet(HEADERS));
  app.use(healthRoutes(context), analysesRoutes(context), voiceDataRoutes(context));
  app.use(noSuchPath, answerProblem(context.log));
  return app;
}
