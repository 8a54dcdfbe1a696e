import { connectProducer, createLogger, settled } from '@bonafide/platform';
import {
  recording,
  startRedis,
  startClassicSystem,
  startVanishingProxy,
  until,
  type System,
  type VanishingProxy,
} from '../system';

let system: System;
let proxy: VanishingProxy;

beforeAll(async () => {
  system = await startClassicSystem({ store: 'folder', workers: 0 });
  proxy = await startVanishingProxy(Number(new URL(system.redisServer.url).port));
}, 300_000);
afterAll(async () => {
  await system?.stop();
  proxy?.close();
});

const throughProxy = () => ({ REDIS_URL: `redis://127.0.0.1:${proxy.port}` });

test('When the host of Redis is gone without a word, then a worker notices and finds the new one', async () => {
  const worker = await system.startWorker(throughProxy());
  await until('it waits for jobs', async () => (await fetch(`${system.url}/readyz`)).ok);
  proxy.vanish();
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
  expect(worker.output()).toContain('redis connection is back');
  expect(await worker.end()).toBe(0);
}, 300_000);

test('When a process was busy itself, then it does not take its own silence for that of Redis', async () => {
  const server = await startRedis();
  const redis = connectProducer(server.url, createLogger('test', 'silent'));
  await settled(redis, 5_000);
  let losses = 0;
  redis.on('close', () => losses++);
  for (let n = 0; n < 8; n++) {
    const busyUntilMs = performance.now() + 700;
    while (performance.now() < busyUntilMs);
    expect(await redis.ping()).toBe('PONG');
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(losses).toBe(0);
  redis.disconnect();
  await server.process.end();
}, 60_000);
