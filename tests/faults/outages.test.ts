import { Queue } from 'bullmq';
import { atThePaceOfSpeech, recording, repeated, startClassicSystem, until, type System } from '../system';

/** Longer than a lock lasts, so that every lock runs out. */
const STALLED_AFTER_SEC = 2;
const OUTAGE_MS = 3_000;
let system: System;

beforeAll(async () => {
  system = await startClassicSystem({
    store: 'folder',
    workers: 3,
    env: { STALLED_AFTER_S: String(STALLED_AFTER_SEC), ...(await atThePaceOfSpeech()) },
  });
}, 300_000);
afterAll(() => system?.stop());

test('When Redis is away twice during an analysis, then its workers are not taken for dead, and it succeeds', async () => {
  const { id } = await system.client.submit(await recording(await repeated('real-it.flac', 2)));
  await until('a worker is at it', async () => (await system.client.get(id)).status === 'processing', 60);
  await outage();
  await until('another worker has it too', async () => (await startsOf(id)) > 1, 120);
  await outage();
  const { status } = await system.client.wait(id, { timeoutSec: 240 });
  expect(status).toBe('succeeded');
  const said = system.workers.map((worker) => worker.output()).join('');
  expect(said).toContain('the lock of a job in hand ran out');
  expect(said).not.toContain('a job ended its workers');
}, 600_000);

async function outage(): Promise<void> {
  const { pid } = system.redisServer.process;
  const endsAt = performance.now() + OUTAGE_MS;
  process.kill(pid, 'SIGSTOP');
  await until('the outage is over', () => performance.now() > endsAt);
  process.kill(pid, 'SIGCONT');
}

async function startsOf(id: string): Promise<number> {
  const queue = new Queue('analyses', { connection: system.redis, prefix: '{bonafide}' });
  const job = await queue.getJob(id).finally(() => queue.close());
  return job?.attemptsStarted ?? 0;
}
