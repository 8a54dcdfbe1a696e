import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { beginHeartbeat, runJobs } from '@bonafide/platform';
import type { WorkerContext } from './context';
import { createHandlers } from './handlers';

export type RunningWorker = { stop(): Promise<void> };

/** Takes jobs one at a time until stopped; then ends the present one or hands it back. */
export function startWorker(context: WorkerContext): RunningWorker {
  const { config, redis, log, detector, store, workFolder } = context;
  const { graceSec, stalledAfterSec } = config.workers;
  const runner = runJobs(createHandlers(context), { queue: 'analyses', redis, stalledAfterSec, log });
  const heartbeat = beginHeartbeat(redis, describeWorker(context), log);
  return {
    stop: async () => {
      await runner.stop(graceSec);
      await heartbeat.stop();
      redis.disconnect();
      store.close();
      await Promise.all([detector.close(), rm(workFolder, { recursive: true, force: true })]);
    },
  };
}

function describeWorker({ detector }: WorkerContext) {
  return {
    worker_id: randomUUID(),
    host: hostname(),
    pid: process.pid,
    model_version: detector.manifest.version,
    feature_version: detector.manifest.feature_version,
    started_at: new Date().toISOString(),
  };
}
