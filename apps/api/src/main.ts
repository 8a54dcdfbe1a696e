import { createLogger, readConfig, runMain, startTracing, stopOnSignal } from '@bonafide/platform';
import { openContext } from './context';
import { startApi } from './server';

runMain(async () => {
  const config = readConfig();
  const log = createLogger('api', config.log.level);
  const tracing = await startTracing('api', config.operation);
  const context = await openContext(config, log, tracing);
  const api = await startApi(context);
  log.info({ url: api.url }, 'listening');
  stopOnSignal(() => api.stop().then(() => tracing.stop()), { graceSec: config.workers.graceSec, log });
});
