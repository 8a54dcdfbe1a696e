import { connectProducer, createLogger, settled } from '@bonafide/platform';
import { recording, startClassicSystem, until, type System } from '../system';
import { startSentinels, type Sentinels } from './redis-sentinel';

let sentinels: Sentinels;
let system: System;

beforeAll(async () => {
  sentinels = await startSentinels();
  const env = {
    REDIS_URL: sentinels.url,
    STALLED_AFTER_S: '2',
    RECONCILE_EVERY_S: '1',
    RECONCILE_GRACE_S: '1',
  };
  system = await startClassicSystem({ store: 'folder', env });
}, 120_000);
afterAll(async () => {
  await system?.stop();
  await sentinels?.stop();
});

const analysed = async () => {
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  return system.client.wait(id, { timeoutSec: 60 });
};

test('When Redis is known by sentinels and speaks TLS, then a recording is analysed', async () => {
  expect(await analysed()).toMatchObject({ status: 'succeeded' });
});

test('When the master dies, then the service follows the sentinels to the next one', async () => {
  const before = await sentinels.masterPort();
  await sentinels.master.end('SIGKILL');
  await until('another is the master', async () => (await sentinels.masterPort()) !== before, 60);
  await until('the service is ready', async () => (await fetch(`${system.url}/readyz`)).ok, 60);
  expect(await analysed()).toMatchObject({ status: 'succeeded' });
});

test('When the certificate is vouched for by nobody who is named, then there is no connection', async () => {
  const port = await sentinels.masterPort();
  const faults: string[] = [];
  const connectTo = async (url: string) => {
    const redis = connectProducer(url, createLogger('test', 'silent'));
    redis.on('error', (error: Error) => faults.push(error.message));
    await settled(redis, 3_000);
    const { status } = redis;
    redis.disconnect();
    return status;
  };
  const url = sentinels.masterUrl.replace(/:\d+\?/, `:${port}?`);
  expect(await connectTo(url)).toBe('ready');
  expect(await connectTo(url.split('?')[0])).not.toBe('ready');
  expect(faults.join()).toMatch(/self[- ]signed/);
});
