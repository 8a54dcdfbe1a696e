import {
  assertConnected,
  latestReport,
  liveWorkers,
  readQueueStates,
  renderSharedMetrics,
  watchEventLoop,
} from '@bonafide/platform';
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ApiContext } from './context';
import { createDriftGauges } from './drift-metrics';
import { patternOf } from './request-pattern';

/** What the metrics are read from. */
export type MetricsSources = Pick<ApiContext, 'queues' | 'redis' | 'store' | 'log'>;

export type ApiMetrics = {
  /** Counts each request and times it, under the pattern of its path, not the path: ids would never end. */
  measure: RequestHandler;
  render(): Promise<string>;
};

const BUCKETS_SEC = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const PREFIX = 'bonafide_';

export function createApiMetrics(sources: MetricsSources): ApiMetrics {
  const registers = [new Registry()];
  collectDefaultMetrics({ prefix: PREFIX, register: registers[0] });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    ...{ name: 'bonafide_http_requests_total', help: 'Requests answered', labelNames, registers },
  });
  const durations = new Histogram({
    ...{ name: 'bonafide_http_request_seconds', help: 'Time to answer, until the last byte' },
    ...{ labelNames: ['method', 'route'] as const, buckets: BUCKETS_SEC, registers },
  });
  const underWay = new Gauge({
    ...{ name: 'bonafide_http_requests_under_way', help: 'Requests not answered yet', registers },
  });
  const gauges = createGauges(registers);
  const eventLoopLagSec = watchEventLoop();
  return {
    measure: (request, response, next) => {
      const stop = durations.startTimer();
      underWay.inc();
      response.once('close', () => {
        const { method } = request;
        const route = patternOf(request);
        underWay.dec();
        stop({ method, route });
        requests.inc({ method, route, status: String(response.statusCode) });
      });
      next();
    },
    render: async () => {
      gauges.lag.reset();
      gauges.lag.set({ process: 'api', worker: '' }, eventLoopLagSec());
      const shared = await readShared(sources, gauges);
      return (await registers[0].metrics()) + shared;
    },
  };
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registers: Registry[]) {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers });
  return {
    up: gauge('dependency_up', '1 where it answers: redis, store', ['dependency']),
    jobs: gauge('queue_jobs', 'Jobs by queue and state', ['queue', 'state']),
    depth: gauge('queue_depth', 'Work at hand: waiting, prioritised, due and active jobs', ['queue']),
    age: gauge('queue_oldest_job_age_seconds', 'Age of the oldest job at hand', ['queue']),
    workers: gauge('workers', 'Workers that show signs of life', []),
    model: gauge('model_info', 'Workers by the bundle they run', ['model_version', 'feature_version']),
    drift: createDriftGauges(registers),
    lag: gauge('event_loop_lag_seconds', '99th percentile of how late timers fire', ['process', 'worker']),
    memory: gauge('worker_memory_bytes', 'Resident memory of a worker', ['worker']),
  };
}

/** What all processes share. Without Redis it is absent, and `dependency_up` says so: the rest is still told. */
async function readShared({ queues, redis, store, log }: MetricsSources, gauges: Gauges): Promise<string> {
  for (const each of [gauges.jobs, gauges.depth, gauges.age, gauges.workers, gauges.model, gauges.memory])
    each.reset();
  const isStored = store.head('health/api').then(
    () => 1,
    () => 0,
  );
  try {
    assertConnected(redis);
    await Promise.all([tellQueues({ queues, redis }, gauges), tellWorkers({ redis }, gauges)]);
    gauges.drift.show(await latestReport(redis));
    const counted = await renderSharedMetrics(redis);
    gauges.up.set({ dependency: 'redis' }, 1);
    return counted;
  } catch (error) {
    log.debug({ err: error }, 'metrics without Redis');
    gauges.up.set({ dependency: 'redis' }, 0);
    return '';
  } finally {
    gauges.up.set({ dependency: 'store' }, await isStored);
  }
}

async function tellQueues({ queues, redis }: Pick<MetricsSources, 'queues' | 'redis'>, gauges: Gauges) {
  for (const { queue, counts, oldestAgeSec } of await readQueueStates(queues, redis)) {
    for (const [state, count] of Object.entries(counts)) gauges.jobs.set({ queue, state }, count);
    gauges.depth.set({ queue }, counts.waiting + counts.prioritized + counts.due + counts.active);
    gauges.age.set({ queue }, oldestAgeSec);
  }
}

async function tellWorkers({ redis }: Pick<MetricsSources, 'redis'>, gauges: Gauges): Promise<void> {
  const workers = await liveWorkers(redis);
  gauges.workers.set(workers.length);
  for (const { host, pid, model_version, feature_version, ...live } of workers) {
    const worker = `${host}:${pid}`;
    gauges.model.inc({ model_version, feature_version });
    gauges.lag.set({ process: 'worker', worker }, live.event_loop_lag_sec ?? 0);
    gauges.memory.set({ worker }, live.memory_bytes ?? 0);
  }
}
