import { recording, repeated, startClassicSystem, until, type System } from '../system';
import { startReceiver, type Receiver } from './load';
import { startRedisCluster, type RedisCluster } from './redis-cluster';

let cluster: RedisCluster;
let system: System;
let receiver: Receiver;

beforeAll(async () => {
  cluster = await startRedisCluster();
  receiver = await startReceiver();
  system = await startClassicSystem({
    store: 'folder',
    env: {
      REDIS_URL: cluster.url,
      WEBHOOK_ALLOW_HOSTS: '127.0.0.0/8',
      STALLED_AFTER_S: '2',
      RATE_READS_PER_MIN: '100000',
      RECONCILE_EVERY_S: '2',
    },
  });
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await cluster?.stop();
  receiver.server.closeAllConnections();
  receiver.server.close();
});

test('When Redis is a cluster, then a recording goes all the way to its webhook', async () => {
  await fetch(`${system.url}/v1/webhook-endpoints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: receiver.url, events: ['analysis.succeeded'] }),
  });
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  expect(await system.client.wait(id, { timeoutSec: 60 })).toMatchObject({ status: 'succeeded' });
  await until('the webhook came', () => receiver.events.some(({ about }) => about === id));
  const { report } = (await system.client.analyzeVoiceData(await recording('fake-ja.mp3'))) as {
    report: { success: boolean };
  };
  expect(report.success).toBe(true);
});

test('When Redis is a cluster, then readiness, metrics and lists read it', async () => {
  expect(await (await fetch(`${system.url}/readyz`)).json()).toMatchObject({ status: 'ready', workers: 1 });
  const metrics = await (await fetch(`${system.url}/metrics`)).text();
  expect(metrics).toMatch(/^bonafide_queue_depth\{queue="analyses"\} \d+$/m);
  expect(metrics).toMatch(/^bonafide_dependency_up\{dependency="redis"\} 1$/m);
  expect((await fetch(`${system.url}/v1/analyses`)).status).toBeLessThan(500);
});

test('When a worker is killed in the middle, then another ends what it began', async () => {
  const { id } = await system.client.submit(await recording(await repeated('real-it.flac', 6)));
  await until('it runs', async () => (await system.client.get(id)).status === 'processing');
  await system.workers[0].end('SIGKILL');
  await system.startWorker();
  expect(await system.client.wait(id, { timeoutSec: 60 })).toMatchObject({ status: 'succeeded' });
});

test('When a node goes, then submissions are refused at once with 503', async () => {
  await Promise.all(cluster.nodes.map((node) => node.end('SIGKILL')));
  await until('it is noticed', async () => (await fetch(`${system.url}/readyz`)).status === 503);
  const beganMs = Date.now();
  await expect(system.client.submit(await recording('real-en-3s.wav'))).rejects.toMatchObject({
    problem: { status: 503 },
  });
  expect(Date.now() - beganMs).toBeLessThan(4_000);
});
