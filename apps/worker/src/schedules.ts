import type { WorkerContext } from './context';

const CHECK_AT_LEAST_MS = 10_000;

/**
 * Has the recurring jobs in Redis, once whatever the number of workers. Looks again and again, because Redis
 * may be emptied at any moment.
 */
export function keepSchedules(context: WorkerContext): { stop(): void } {
  const { redis, log } = context;
  const { retentionSec, reconcileSec, sweepSec } = context.config.maintenance;
  const shortestMs = Math.min(retentionSec, reconcileSec, sweepSec) * 1000;
  const ensure = () => {
    if (redis.status !== 'ready') return;
    ensureSchedules(context).catch((error: Error) => log.warn({ err: error }, 'no recurring jobs'));
  };
  const timer = setInterval(ensure, Math.min(CHECK_AT_LEAST_MS, shortestMs));
  redis.on('ready', ensure);
  ensure();
  return {
    stop: () => {
      clearInterval(timer);
      redis.off('ready', ensure);
    },
  };
}

async function ensureSchedules({ config, queues }: WorkerContext): Promise<void> {
  const { retentionSec, reconcileSec, sweepSec, endpointsSec, monitoringSec } = config.maintenance;
  const wanted = [
    ['maintenance.retention', retentionSec],
    ['maintenance.reconcile', reconcileSec],
    ['maintenance.sweep', sweepSec],
    ['maintenance.endpoints', endpointsSec],
    ['maintenance.monitoring', monitoringSec],
  ] as const;
  const present = await queues.of('maintenance').getJobSchedulers();
  for (const [name, everySec] of wanted) {
    const isThere = present.some(({ key, every }) => key === name && Number(every) === everySec * 1000);
    if (!isThere) await queues.schedule(name, {}, everySec);
  }
}
