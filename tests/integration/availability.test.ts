import { randomUUID } from 'node:crypto';
import type { Readiness } from '@bonafide/contracts';
import { Queue, type Job } from 'bullmq';
import {
  atThePaceOfSpeech,
  recording,
  startClassicSystem,
  until,
  type Child,
  type S3Server,
  type System,
} from '../system';

let system: System;
let slow: Record<string, string>;
const SYNC_WAIT_SEC = 0.2;

beforeAll(async () => {
  slow = await atThePaceOfSpeech();
  system = await startClassicSystem({
    store: 's3',
    workers: 0,
    env: { SYNC_WAIT_S: String(SYNC_WAIT_SEC), STALLED_AFTER_S: '1', SHUTDOWN_GRACE_S: '40' },
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
  const job = await jobOf(id);
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

test('When a worker is told to stop in the middle of an analysis, then it ends the analysis and then itself', async () => {
  const worker = await startSlowWorker();
  const id = await submitLong();
  expect(await worker.end('SIGTERM')).toBe(0);
  expect((await system.client.get(id)).status).toBe('succeeded');
});

test('When its grace time is too short for the analysis, then it hands the analysis to another worker', async () => {
  const hasty = await startSlowWorker({ SHUTDOWN_GRACE_S: '0.01' });
  const id = await submitLong();
  expect(await hasty.end('SIGTERM')).toBe(0);
  expect((await system.client.get(id)).status).not.toBe('failed');
  const other = await system.startWorker();
  expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
  await other.end();
});

test('When a worker is killed in the middle of an analysis, then another ends it', async () => {
  const first = await startSlowWorker();
  const id = await submitLong();
  await first.end('SIGKILL');
  const second = await system.startWorker();
  expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
  await second.end();
});

test('When Redis goes away while a worker ends, then it does not wait for it, and another does its job', async () => {
  const ending = await startSlowWorker();
  const id = await submitLong();
  const ended = ending.end('SIGTERM');
  await until('it has heard', () => ending.output().includes('"reason":"SIGTERM"'));
  const goneAt = Date.now();
  await system.redisServer.process.end('SIGKILL');
  expect(await ended).toBe(0);
  expect(Date.now() - goneAt).toBeLessThan(4_000);

  await system.redisServer.restart();
  const other = await system.startWorker();
  await until('the service is ready again', async () => (await readiness()).status === 200);
  expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
  await other.end();
});

test('When an analysis ends its worker twice, then it is given up, and the next one is served', async () => {
  const first = await startSlowWorker();
  const id = await submitLong();
  await first.end('SIGKILL');
  const second = await startSlowWorker();
  await until('the second has it', () => second.output().includes('queued again'));
  await until('it runs again', async () => (await jobOf(id))?.attemptsStarted === 2);
  await second.end('SIGKILL');
  await system.startWorker();
  const analysis = await system.client.wait(id, { timeoutSec: 60 });
  expect(analysis).toMatchObject({ status: 'failed', error: { code: 'worker_crashed' } });
  const next = await system.client.submit(await recording('real-en-3s.wav'));
  expect((await system.client.wait(next.id, { timeoutSec: 60 })).status).toBe('succeeded');
});

test('When Redis is away, then submissions are refused at once, ended analyses answered, and all goes on after', async () => {
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  await system.client.wait(id, { timeoutSec: 60 });
  const idle = await system.startWorker();
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
  const toldAt = Date.now();
  expect(await idle.end('SIGTERM')).toBe(0);
  expect(Date.now() - toldAt).toBeLessThan(4_000);

  await system.redisServer.restart();
  await until('the service is ready again', async () => (await readiness()).status === 200);
  const again = await system.client.submit(await recording('real-en-3s.wav'));
  expect((await system.client.wait(again.id, { timeoutSec: 60 })).status).toBe('succeeded');
});

/** Milliseconds until a submission is told to come again. */
async function refusal(): Promise<number> {
  const beganAt = Date.now();
  const refused = system.client.submit(await recording('real-en-3s.wav'));
  await expect(refused).rejects.toMatchObject({ problem: { code: 'unavailable' }, retryAfterSec: 2 });
  return Date.now() - beganAt;
}

test('When Redis no longer answers, then submissions are refused soon, then at once, and all goes on after', async () => {
  await system.startWorker();
  const { pid } = system.redisServer.process;
  process.kill(pid, 'SIGSTOP');
  try {
    const first = await Promise.all([refusal(), refusal(), refusal()]);
    expect(Math.max(...first)).toBeLessThan(1_800);
    expect(await refusal()).toBeLessThan(1_000);
    expect(await readiness()).toMatchObject({ status: 503, body: { checks: { redis: { ok: false } } } });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until('the service is ready again', async () => (await readiness()).status === 200);
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
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

test('When the store no longer answers, then submissions are refused soon, then at once, and all goes on after', async () => {
  const { pid } = (system.s3Server as S3Server).process;
  process.kill(pid, 'SIGSTOP');
  try {
    expect(await refusal()).toBeLessThan(8_000);
    expect(await refusal()).toBeLessThan(2_000);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until('the service is ready again', async () => (await readiness()).status === 200);
  await system.client.submit(await recording('real-en-3s.wav'));
});

async function analysisOfOneCall(): Promise<{ id: string }> {
  const answer = await system.client.analyzeVoiceData(await recording('real-en-3s.wav'));
  if (!('analysis' in answer)) throw new Error('the call was answered with a report');
  return answer.analysis;
}

/** A worker that is at a recording of ten seconds for as long. */
async function startSlowWorker(env: Record<string, string> = {}): Promise<Child> {
  return system.startWorker({ ...slow, ...env });
}

/** An analysis that a slow worker has begun and will be at for a while. */
async function submitLong(): Promise<string> {
  const { content, filename } = await recording('fake-en.flac');
  // The same bytes twice would be answered from the first analysis.
  const { id } = await system.client.submit({ content: new Blob([content, randomUUID()]), filename });
  await until('the analysis runs', async () => (await system.client.get(id)).status === 'processing');
  return id;
}

async function jobOf(id: string): Promise<Job | undefined> {
  const queue = new Queue('analyses', { connection: system.redis, prefix: '{bonafide}' });
  return queue.getJob(id).finally(() => queue.close());
}
