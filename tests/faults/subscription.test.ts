import { startClassicSystem, until, type System } from '../system';
import { hearsAfterMs } from './hearing';
import { startRedisCluster, type RedisCluster } from './redis-cluster';

/** Far below what a wait lasts that nobody wakes. */
const PROMPT_MS = 5_000;
/** A node this long without a sign of life is let go of, on a busy machine; one is failing after 15 s. */
const SILENCE_SEC = 14;
const CHANNEL = '{bonafide}:events:growth';

const isReady = (system: System) =>
  until('it is ready', async () => (await fetch(`${system.url}/readyz`)).ok, 60);

describe('on one server', () => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({ store: 'folder' });
  }, 120_000);
  afterAll(() => system?.stop());

  test('When Redis was restarted, then who waits still hears of an end at once', async () => {
    await system.redisServer.process.end('SIGKILL');
    await system.redisServer.restart();
    await isReady(system);
    expect(await hearsAfterMs(system, 'real-en-3s.wav')).toBeLessThan(PROMPT_MS);
  }, 180_000);
});

describe('on a cluster', () => {
  let cluster: RedisCluster;
  let system: System;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    system = await startClassicSystem({ store: 'folder', env: { REDIS_URL: cluster.url } });
  }, 120_000);
  afterAll(async () => {
    await system?.stop();
    await cluster?.stop();
  });

  const listenedTo = async (): Promise<number[]> => {
    const heard = await Promise.all(cluster.clients.map((client) => client.pubsub('CHANNELS', CHANNEL)));
    return heard.flatMap((channels, n) => (channels.length > 0 ? [n] : []));
  };

  test('When the node that tells of events is silent, then another one tells', async () => {
    const [silent] = await listenedTo();
    const others = cluster.clients.filter((_client, n) => n !== silent);
    process.kill(cluster.nodes[silent].pid, 'SIGSTOP');
    const isHeard = async () => {
      const heard = await Promise.all(others.map((client) => client.pubsub('CHANNELS', CHANNEL)));
      return heard.some((channels) => channels.length > 0);
    };
    await until('another is listened to', isHeard, SILENCE_SEC).finally(() =>
      process.kill(cluster.nodes[silent].pid, 'SIGCONT'),
    );
    await isReady(system);
    expect(await hearsAfterMs(system, 'real-en-3s.wav')).toBeLessThan(PROMPT_MS);
  }, 180_000);

  test('When all its nodes were restarted, then who waits still hears of an end at once', async () => {
    await cluster.restart();
    await isReady(system);
    expect(await hearsAfterMs(system, 'real-fr.amr')).toBeLessThan(PROMPT_MS);
  }, 180_000);
});
