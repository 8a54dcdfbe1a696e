import { DecoderError } from '@bonafide/pipeline';
import { collectSeldom, createLogger, readConfig, runMain, stopOnSignal } from '@bonafide/platform';
import { openContext } from './context';
import { isRefusal } from './serving/load-bundle';
import { startWorker } from './worker';

const main = async () => {
  collectSeldom();
  const config = readConfig();
  const log = createLogger('worker', config.log.level);
  const context = await openContext(config, log);
  const worker = startWorker(context);
  log.info({ model_version: context.engine.serving.manifest().version }, 'waiting for analyses');
  stopOnSignal(() => worker.stop(), { graceSec: config.workers.graceSec, log });
};

runMain(main, (error) => isRefusal(error) || error instanceof DecoderError);
