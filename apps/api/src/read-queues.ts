import type { QueueCounts } from '@bonafide/contracts';
import { assertConnected } from '@bonafide/platform';
import type { ApiContext } from './context';

const MINUTE_MS = 60_000;

/** What waits, runs and was put off now, and what ended within the last minute. @throws CodedError `unavailable` */
export async function readQueues({
  queues,
  redis,
}: Pick<ApiContext, 'queues' | 'redis'>): Promise<QueueCounts> {
  assertConnected(redis);
  const answers = await Promise.all(
    queues.names.map(async (name) => {
      const queue = queues.of(name);
      const [counts, ended] = await Promise.all([
        queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'),
        redis.zcount(queue.toKey('completed'), Date.now() - MINUTE_MS, '+inf'),
      ]);
      return { name, counts, ended };
    }),
  );
  return {
    queues: Object.fromEntries(
      answers.map(({ name, counts: { waiting, prioritized, active, delayed, failed } }) => [
        name,
        { waiting: waiting + prioritized, active, delayed, failed },
      ]),
    ),
    rates: Object.fromEntries(answers.map(({ name, ended }) => [name, ended])),
  };
}
