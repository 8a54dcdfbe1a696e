import type { QueueName } from '@bonafide/contracts';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Queues } from '../redis/queues';

export type QueueState = {
  queue: QueueName;
  counts: {
    waiting: number;
    prioritized: number;
    due: number;
    delayed: number;
    active: number;
    failed: number;
  };
  /** Since the oldest job that could run or runs was added; 0 where there is none. */
  oldestAgeSec: number;
};

/** BullMQ keeps when a delayed job is due as milliseconds times this, to have room for an order within one. */
const DELAY_SCALE = 4096;

/** How much lies in each queue, without reading the jobs. */
export async function readQueueStates(
  queues: Queues,
  redis: Redis,
  nowMs = Date.now(),
): Promise<QueueState[]> {
  return Promise.all(queues.names.map((name) => readQueueState(name, queues, { redis, nowMs })));
}

async function readQueueState(
  name: QueueName,
  queues: Queues,
  { redis, nowMs }: { redis: Redis; nowMs: number },
): Promise<QueueState> {
  const queue = queues.of(name);
  const [counts, due, waiting, prioritized, active] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'delayed', 'active', 'failed'),
    redis.zcount(queue.toKey('delayed'), '-inf', nowMs * DELAY_SCALE),
    // The waiting list is served from its far end, where the oldest are.
    queue.getWaiting(0, 0),
    queue.getPrioritized(0, 0),
    queue.getActive(0, 0),
  ]);
  const timestamps = [...waiting, ...prioritized, ...active].filter(isJob).map((job) => job.timestamp);
  const { wait = 0, prioritized: ranked = 0, delayed = 0, active: running = 0, failed = 0 } = counts;
  return {
    queue: name,
    counts: {
      waiting: wait,
      prioritized: ranked,
      due,
      delayed: delayed - due,
      active: running,
      failed,
    },
    oldestAgeSec: timestamps.length === 0 ? 0 : Math.max(0, (nowMs - Math.min(...timestamps)) / 1000),
  };
}

/** A job that ends between being listed and being read is missing. */
const isJob = (job: Job | undefined): job is Job => job !== undefined;
