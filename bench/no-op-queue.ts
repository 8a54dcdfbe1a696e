import { Queue, QueueEvents } from 'bullmq';
import { startChild, until } from '../tests/system';
import { costOf } from './cpu-time';
import type { Figure } from './figure';
import { programOf } from './program';
import { spreadOf } from './statistics';

const PREFIX = '{bench}';
const LATENCIES = 50;

/** A BullMQ worker that does nothing, on the same Redis: what no service over this queue can be below. */
export async function measureNoOpQueue(redisUrl: string, jobs: number): Promise<Figure[]> {
  const connection = { host: '127.0.0.1', port: Number(new URL(redisUrl).port) };
  const queue = new Queue('no-op', { connection, prefix: PREFIX });
  const events = new QueueEvents('no-op', { connection, prefix: PREFIX });
  const worker = startChild(process.execPath, [...programOf('no-op-worker'), redisUrl], process.env);
  await until('the worker is ready', () => worker.output().includes('ready'));
  await events.waitUntilReady();
  const times: number[] = [];
  for (let round = 0; round < LATENCIES; round++) {
    const startMs = performance.now();
    const job = await queue.add('nothing', {});
    await job.waitUntilFinished(events);
    times.push(performance.now() - startMs);
  }
  await queue.pause();
  await queue.addBulk(Array.from({ length: jobs }, () => ({ name: 'nothing', data: {} })));
  const { wallSec } = await costOf(async () => {
    await queue.resume();
    await until('the queue is empty', async () => (await queue.getJobCountByTypes('wait', 'active')) === 0);
  });
  await Promise.all([worker.end(), events.close(), queue.close()]);
  return [
    { what: 'c: an empty BullMQ job, median', value: spreadOf(times).median_ms, unit: 'ms' },
    { what: 'c: an empty BullMQ worker', value: jobs / wallSec, unit: 'jobs/s' },
  ];
}
