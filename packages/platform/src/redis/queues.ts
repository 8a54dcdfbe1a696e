import {
  CodedError,
  JOB_CATALOGUE,
  sealJob,
  type JobName,
  type JobPayload,
  type QueueName,
} from '@bonafide/contracts';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger';
import { assertConnected, KEY_PREFIX } from './connections';

const DAY_SEC = 86_400;
/** Finished jobs tell nothing that the records do not; a few are kept for the operator's eye. */
const KEPT = {
  removeOnComplete: { age: DAY_SEC, count: 1_000 },
  removeOnFail: { age: 7 * DAY_SEC, count: 5_000 },
} as const;

export type Queues = {
  /**
   * Adds a job once: a second one of the same id is ignored while the first is known to the queue.
   * @throws CodedError `unavailable` when Redis is away.
   */
  add<N extends JobName>(name: N, jobId: string, payload: JobPayload<N>): Promise<void>;
  close(): Promise<void>;
};

const queueNames = [...new Set(Object.values(JOB_CATALOGUE).map(({ queue }) => queue))];

/** The producing side of all queues, over one connection that the caller owns. */
export function createQueues(redis: Redis, log: Logger): Queues {
  const queues = new Map<QueueName, Queue>(queueNames.map((name) => [name, openQueue(name, redis, log)]));
  return {
    add: async (name, jobId, payload) => {
      const { queue, attempts, backoffMs } = JOB_CATALOGUE[name];
      const data = sealJob(name, payload);
      assertConnected(redis);
      const options = { jobId, attempts, backoff: { type: 'exponential', delay: backoffMs }, ...KEPT };
      try {
        await queues.get(queue)?.add(name, data, options);
      } catch (error) {
        throw new CodedError('unavailable', 'The queue cannot be reached', { cause: error });
      }
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

function openQueue(name: QueueName, connection: Redis, log: Logger): Queue {
  const queue = new Queue(name, {
    connection,
    prefix: KEY_PREFIX,
    // The process starts while Redis is away; commands then fail until it is there.
    skipWaitingForReady: true,
    streams: { events: { maxLen: 1_000 } },
  });
  queue.on('error', (error) => log.debug({ err: error, queue: name }, 'queue error'));
  return queue;
}
