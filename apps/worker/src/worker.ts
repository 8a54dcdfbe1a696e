import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Heartbeat, QueueName } from '@bonafide/contracts';
import { beginHeartbeat, runJobs, watchEventLoop } from '@bonafide/platform';
import { closeContext, type WorkerContext } from './context';
import { createHandlers } from './handlers/handlers';
import { keepSchedules } from './schedules';

export type RunningWorker = { stop(): Promise<void> };

/**
 * Jobs at a time. Analyses compute, so there is one of each kind, and `bulk` gives way while the other runs;
 * the rest waits for disks and networks and runs beside.
 */
const CONCURRENCY: Readonly<Record<QueueName, number>> = {
  analyses: 1,
  bulk: 1,
  batches: 4,
  webhooks: 40,
  maintenance: 1,
};

/** Takes jobs of every queue until stopped; then ends those in hand or hands them back. */
export function startWorker(context: WorkerContext): RunningWorker {
  const { config, redis, log } = context;
  const { metrics, tracing } = context.engine;
  const { graceSec, stalledAfterSec } = config.workers;
  const handlers = createHandlers(context);
  const queues = Object.entries(CONCURRENCY) as [QueueName, number][];
  const runners = queues.map(([queue, concurrency]) =>
    runJobs(handlers, {
      ...{ queue, concurrency, redis, stalledAfterSec, log },
      ...{ metrics, telemetry: tracing.telemetry },
    }),
  );
  const schedules = keepSchedules(context);
  const heartbeat = beginHeartbeat(redis, describeWorker(context), log);
  return {
    stop: async () => {
      schedules.stop();
      await Promise.all(runners.map((runner) => runner.stop(graceSec)));
      await heartbeat.stop();
      await closeContext(context);
    },
  };
}

function describeWorker({ engine: { serving } }: WorkerContext): () => Heartbeat {
  const eventLoopLagSec = watchEventLoop();
  const lasting = {
    worker_id: randomUUID(),
    host: hostname(),
    pid: process.pid,
    started_at: new Date().toISOString(),
  };
  return () => ({
    ...lasting,
    model_version: serving.manifest().version,
    feature_version: serving.manifest().feature_version,
    refused: serving.refusal(),
    event_loop_lag_sec: eventLoopLagSec(),
    memory_bytes: process.memoryUsage.rss(),
  });
}
