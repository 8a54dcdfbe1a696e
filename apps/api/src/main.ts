import { createLogger, readConfig, runMain, stopOnSignal } from '@bonafide/platform';
import { openContext } from './context';
import { startApi } from './server';

runMain(async () => {
  const config = readConfig();
  const log = createLogger('api', config.log.level);
  const context = await openContext(config, log);
  const api = await startApi(context);
  log.info({ url: api.url }, 'listening');
  stopOnSignal(() => api.stop(), { graceSec: config.workers.graceSec, log });
});
