import { readFileSync } from 'node:fs';
import type { Batch } from '@bonafide/contracts';
import {
  batchCaller,
  fixture,
  startReceiver,
  startClassicSystem,
  until,
  type BatchCaller,
  type Receiver,
  type System,
} from '../system';

jest.setTimeout(120_000);

/** A batch of addresses whose server is not what it should be. */
describe('What could not be fetched', () => {
  let system: System;
  let receiver: Receiver;
  let batches: BatchCaller;
  beforeAll(async () => {
    receiver = await startReceiver();
    const env = { WEBHOOK_ALLOW_HOSTS: '127.0.0.1', URL_TIMEOUT_S: '3' };
    system = await startClassicSystem({ store: 'folder', env });
    batches = batchCaller(system.url);
  });
  afterAll(async () => {
    await system?.stop();
    await receiver?.stop();
  });

  const ask = (id: string, path: string) =>
    fetch(`${system.url}/v1/batches/${id}/${path}`, { method: 'POST' });

  async function handOver(paths: readonly string[]): Promise<string> {
    const items = paths.map((path) => ({ url: receiver.url + path, custom_id: path }));
    const response = await batches.createNamed({ items, retention: 'none' });
    return ((await response.json()) as Batch).id;
  }

  test('When its server is well again, then trying again analyses it, and says what still fails', async () => {
    const bodies: Record<string, Buffer> = {
      '/a.wav': readFileSync(fixture('real-en-3s.wav')),
      '/b.ogg': readFileSync(fixture('real-es.ogg')),
      '/d.wav': Buffer.from('<html>No such recording</html>'),
    };
    receiver.reply = ({ path }) =>
      path === '/a.wav' ? { status: 200, body: bodies[path] } : { status: 503 };
    const id = await handOver(['/a.wav', '/b.ogg', '/c.wav', '/d.wav']);
    const { counters } = await batches.ended(id);
    expect(counters).toMatchObject({ total: 4, succeeded: 1, failed: 3 });
    const [first, ...failed] = await batches.items(id);
    expect(failed.map(({ error }) => error?.code)).toEqual(Array(3).fill('fetch_failed'));

    receiver.reply = ({ path }) =>
      path === '/c.wav' ? { status: 404 } : { status: 200, body: bodies[path] };
    expect((await ask(id, 'retry-failed')).status).toBe(202);
    const again = await batches.ended(id);
    expect(again).toMatchObject({ status: 'completed', counters: { total: 4, succeeded: 2, failed: 2 } });
    const [same, fetched, missing, page] = await batches.items(id);
    expect(same).toEqual(first);
    expect(fetched).toMatchObject({
      ...{ status: 'succeeded', custom_id: '/b.ogg', error: null, bytes: bodies['/b.ogg'].length },
    });
    expect(fetched.p_fake).not.toBeNull();
    expect(missing).toMatchObject({ status: 'failed', analysis_id: null, error: { code: 'fetch_failed' } });
    expect(page).toMatchObject({ status: 'failed', error: { code: 'not_audio' } });
    const analysis = await system.client.get(fetched.analysis_id as string);
    expect(analysis).toMatchObject({ status: 'succeeded', sha256: fetched.sha256, custom_id: '/b.ogg' });
  });

  test('When it holds something else by then, then what was the same as it is so no more', async () => {
    const broken = Buffer.from('RIFF broken');
    receiver.reply = () => ({ status: 200, body: broken });
    const id = await handOver(['/a.wav', '/b.wav']);
    await batches.ended(id);
    expect((await batches.items(id))[1]).toMatchObject({ status: 'skipped', duplicate_of: 0 });
    const body = readFileSync(fixture('real-en-3s.wav'));
    receiver.reply = ({ path }) => ({ status: 200, body: path === '/a.wav' ? body : broken });
    for (const counters of [
      { succeeded: 1, failed: 1, skipped: 0 },
      { succeeded: 1, failed: 1, skipped: 0 },
    ]) {
      expect((await ask(id, 'retry-failed')).status).toBe(202);
      expect((await batches.ended(id)).counters).toMatchObject(counters);
    }
    const [first, second] = await batches.items(id);
    expect(first).toMatchObject({ status: 'succeeded', bytes: body.length });
    expect(second).toMatchObject({
      status: 'failed',
      duplicate_of: null,
      error: { code: 'truncated_audio' },
    });
  });

  test('When Redis is emptied while it is tried again, then it ends all the same', async () => {
    receiver.reply = () => ({ status: 503 });
    const id = await handOver(['/a.wav', '/b.ogg']);
    await batches.ended(id);
    const body = readFileSync(fixture('real-en-3s.wav'));
    receiver.reply = () => ({ status: 200, body });
    expect((await ask(id, 'retry-failed')).status).toBe(202);
    await system.redis.flushall();
    const again = await batches.ended(id);
    expect(again).toMatchObject({ status: 'completed', counters: { total: 2, succeeded: 2, failed: 0 } });
  });

  test('When it is canceled while it is tried again, then it ends, and what was not fetched is canceled', async () => {
    receiver.reply = () => ({ status: 503 });
    const id = await handOver(['/a.wav', '/b.ogg', '/c.wav']);
    await batches.ended(id);
    receiver.reply = () => 'hang';
    const before = receiver.received.length;
    expect((await ask(id, 'retry-failed')).status).toBe(202);
    await until('the first is being fetched', () => receiver.received.length > before);
    expect((await ask(id, 'cancel')).status).toBe(202);
    expect((await batches.ended(id)).status).toBe('canceled');
    const items = await batches.items(id);
    expect(items.map(({ status }) => status)).toEqual(['failed', 'canceled', 'canceled']);
  });
});
