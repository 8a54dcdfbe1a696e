import type { Readiness } from '@bonafide/contracts';
import { Queue } from 'bullmq';
import { recording, startSystem, until, type S3Server, type System } from '../system';

let system: System;
const SYNC_WAIT_SEC = 0.2;

beforeAll(async () => {
  system = await startSystem({
    store: 's3',
    workers: 0,
    env: { SYNC_WAIT_S: String(SYNC_WAIT_SEC), STALLED_AFTER_S: '1', SHUTDOWN_GRACE_S: '5' },
  });
});
afterAll(() => system?.stop());

async function readiness(): Promise<{ status: number; body: Readiness }> {
  const response = await fetch(`${system.url}/readyz`);
  return { status: response.status, body: (await response.json()) as Readiness };
}

test('When no worker has loaded its models, then the service is alive but not ready, and says why', async () => {
  expect((await fetch(`${system.url}/livez`)).status).toBe(200);
  expect(await readiness()).toMatchObject({
    status: 503,
    body: {
      status: 'not_ready',
      workers: 0,
      checks: { redis: { ok: true }, store: { ok: true }, models: { ok: false } },
    },
  });
});

test('When Redis may evict, then the service is not ready', async () => {
  await system.redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const { status, body } = await readiness();
  await system.redis.config('SET', 'maxmemory-policy', 'noeviction');
  expect({ status, check: body.checks.redis_policy }).toMatchObject({ status: 503, check: { ok: false } });
  expect(body.checks.redis_policy.detail).toMatch('allkeys-lru');
});

test('When the one call takes too long, then it becomes a 202 that can be waited for', async () => {
  const { id } = await analysisOfOneCall();
  const beganAt = Date.now();
  expect((await system.client.get(id, { waitSec: 0.3 })).status).toBe('queued');
  expect(Date.now() - beganAt).toBeGreaterThanOrEqual(300);
});

test('When a submission is queued, then its job carries ids and nothing else', async () => {
  const { id } = await analysisOfOneCall();
  const queue = new Queue('analyses', { connection: system.redis, prefix: '{bonafide}' });
  const job = await queue.getJob(id);
  await queue.close();
  expect(job?.data).toEqual({
    version: 1,
    payload: { tenant: 'default', analysis_id: id, request_id: expect.any(String) as string },
  });
});

test('When a worker comes, then it ends what was queued, and readiness names its bundle', async () => {
  const { id } = await analysisOfOneCall();
  const worker = await system.startWorker();
  expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
  const { status, body } = await readiness();
  expect({ status, workers: body.workers, versions: body.model_versions.length }).toEqual({
    status: 200,
    workers: 1,
    versions: 1,
  });
  expect(await worker.end()).toBe(0);
  expect((await readiness()).body.workers).toBe(0);
});

test('When a worker is killed in the middle of an analysis, then another ends it, once', async () => {
  const first = await system.startWorker();
  const { id } = await system.client.submit(await recording('real-it.flac'));
  await until('the analysis runs', async () => (await system.client.get(id)).status === 'processing');
  await first.end('SIGKILL');
  await system.startWorker();
  const analysis = await system.client.wait(id, { timeoutSec: 60 });
  expect(analysis.status).toBe('succeeded');
});

test('When Redis is away, then submissions are refused at once, ended analyses answered, and all goes on after', async () => {
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  await system.client.wait(id, { timeoutSec: 60 });
  await system.redisServer.process.end('SIGKILL');

  const beganAt = Date.now();
  const refused = system.client.submit(await recording('real-en-3s.wav'));
  await expect(refused).rejects.toMatchObject({
    problem: { code: 'unavailable', status: 503 },
    retryAfterSec: 2,
  });
  expect(Date.now() - beganAt).toBeLessThan(1_000);
  expect((await system.client.get(id)).status).toBe('succeeded');
  expect(await readiness()).toMatchObject({ status: 503, body: { checks: { redis: { ok: false } } } });

  await system.redisServer.restart();
  await until('the service is ready again', async () => (await readiness()).status === 200);
  const again = await system.client.submit(await recording('real-en-3s.wav'));
  expect((await system.client.wait(again.id, { timeoutSec: 60 })).status).toBe('succeeded');
});

test('When the store is away, then submissions are refused soon, and all goes on after', async () => {
  const s3 = system.s3Server as S3Server;
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  await system.client.wait(id, { timeoutSec: 60 });
  await s3.process.end('SIGKILL');

  const beganAt = Date.now();
  const refused = system.client.submit(await recording('real-en-3s.wav'));
  await expect(refused).rejects.toMatchObject({ problem: { code: 'unavailable', status: 503 } });
  await expect(system.client.get(id)).rejects.toMatchObject({ problem: { code: 'unavailable' } });
  expect(Date.now() - beganAt).toBeLessThan(4_000);
  expect(await readiness()).toMatchObject({ status: 503, body: { checks: { store: { ok: false } } } });

  await s3.restart();
  await until('the service is ready again', async () => (await readiness()).status === 200);
  expect((await system.client.get(id)).status).toBe('succeeded');
});

async function analysisOfOneCall(): Promise<{ id: string }> {
  const answer = await system.client.analyzeVoiceData(await recording('real-en-3s.wav'));
  if (!('analysis' in answer)) throw new Error('the call was answered with a report');
  return answer.analysis;
}
