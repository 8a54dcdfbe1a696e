import type { Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger';

/** The turns of one queue that this process has in hand. */
export type TurnsInHand = {
  /** Whether the job is in hand already: its lock ran out, and the queue has handed it out again. */
  has(jobId: string): boolean;
  begin(jobId: string): void;
  end(jobId: string): void;
};

/**
 * The queue library counts in `stc` how many times a job lost its worker, and notes in `defa` that the job is to
 * fail for it when it is handed out next.
 */
const TAKE_BACK = `
if redis.call('EXISTS', KEYS[1]) == 0 then return end
if redis.call('HINCRBY', KEYS[1], 'stc', -1) <= tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], 'defa') end
`;

/**
 * Where Redis is away for longer than a lock lasts, the queue takes the worker of each job in hand for dead,
 * and after the second time the job for one that kills workers. A worker that lives to find its lock lost takes
 * that count back, once a turn.
 */
export function watchLocks(worker: Worker, redis: Redis, log: Logger): TurnsInHand {
  /** By id, whether the count of its lock was taken back. */
  const inHand = new Map<string, 'locked' | 'lost'>();
  const takeBack = async (jobId: string) => {
    if (inHand.get(jobId) === 'lost') return;
    if (inHand.has(jobId)) inHand.set(jobId, 'lost');
    log.warn({ job_id: jobId }, 'the lock of a job in hand ran out');
    await redis.eval(TAKE_BACK, 1, worker.toKey(jobId), String(worker.opts.maxStalledCount));
  };
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const jobId of jobIds) {
      takeBack(jobId).catch((error: unknown) =>
        log.warn({ err: error, job_id: jobId }, 'a lost lock counts'),
      );
    }
  });
  return {
    has: (jobId) => inHand.has(jobId),
    begin: (jobId) => void inHand.set(jobId, 'locked'),
    end: (jobId) => void inHand.delete(jobId),
  };
}
