import {
  CodedError,
  JOB_CATALOGUE,
  sealJob,
  type JobName,
  type JobPayload,
  type QueueName,
} from '@bonafide/contracts';
import { Queue, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger';
import type { Telemetry } from '../tracing';
import { assertConnected, KEY_PREFIX } from './connections';

const DAY_SEC = 86_400;
/** Finished jobs tell nothing that the records do not; a few are kept for the operator's eye. */
const KEPT = {
  removeOnComplete: { age: DAY_SEC, count: 1_000 },
  removeOnFail: { age: 7 * DAY_SEC, count: 5_000 },
} as const;

export type AddOptions = {
  /** Not before this time has passed. */
  delayMs?: number;
  /** 1 runs before 2; a job without one runs before all that have one. */
  priority?: number;
};

export type Queues = {
  /**
   * Adds a job once: a second one of the same id is ignored while the first is known to the queue.
   * @throws CodedError `unavailable` when Redis is away.
   */
  add<N extends JobName>(name: N, jobId: string, payload: JobPayload<N>, options?: AddOptions): Promise<void>;
  /** Runs the job again and again, once whatever the number of processes that ask for it. */
  schedule<N extends JobName>(name: N, payload: JobPayload<N>, everySec: number): Promise<void>;
  names: readonly QueueName[];
  /** The queue itself, to count, look up or remove jobs. */
  of(queue: QueueName): Queue;
  close(): Promise<void>;
};

const queueNames = [...new Set(Object.values(JOB_CATALOGUE).map(({ queue }) => queue))];

/** The producing side of all queues, over one connection that the caller owns. */
export function createQueues(redis: Redis, log: Logger, telemetry?: Telemetry): Queues {
  const opened = queueNames.map((name) => [name, openQueue(name, { redis, log, telemetry })] as const);
  const queues = new Map<QueueName, Queue>(opened);
  const of = (name: QueueName) => queues.get(name) as Queue;
  const guarded = async (operation: () => Promise<unknown>) => {
    assertConnected(redis);
    try {
      await operation();
    } catch (error) {
      throw new CodedError('unavailable', 'The queue cannot be reached', { cause: error });
    }
  };
  return {
    add: async (name, jobId, payload, { delayMs, priority } = {}) => {
      const data = sealJob(name, payload);
      const options = { ...optionsOf(name), jobId, delay: delayMs, priority };
      await guarded(() => of(JOB_CATALOGUE[name].queue).add(name, data, options));
    },
    schedule: async (name, payload, everySec) => {
      const template = { name, data: sealJob(name, payload), opts: optionsOf(name) };
      const queue = of(JOB_CATALOGUE[name].queue);
      await guarded(() => queue.upsertJobScheduler(name, { every: everySec * 1000 }, template));
    },
    names: queueNames,
    of,
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

function optionsOf(name: JobName): JobsOptions {
  const { attempts, backoffMs } = JOB_CATALOGUE[name];
  return { attempts, backoff: { type: 'exponential', delay: backoffMs }, ...KEPT };
}

type Opening = { redis: Redis; log: Logger; telemetry?: Telemetry };

function openQueue(name: QueueName, { redis, log, telemetry }: Opening): Queue {
  const queue = new Queue(name, {
    connection: redis,
    telemetry,
    prefix: KEY_PREFIX,
    // The process starts while Redis is away; commands then fail until it is there.
    skipWaitingForReady: true,
    streams: { events: { maxLen: 1_000 } },
  });
  queue.on('error', (error) => log.debug({ err: error, queue: name }, 'queue error'));
  return queue;
}
