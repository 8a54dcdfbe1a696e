import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { deletionSchema } from '@bonafide/contracts';
import { fixture, keysNaming, recording, repeated, startClassicSystem, until, type System } from '../system';

const [MOMENTS, MOMENT_MS] = [40, 4];
/** A request that was begun before a deletion may arrive so much later. */
const ON_ITS_WAY_MS = 250;

describe.each(['s3', 'folder'] as const)('cancelling and deleting with the %s store', (kind) => {
  let system: System;
  let receiver: Server;
  let hookUrl: string;
  let long: string;
  /** What was told to the receiver, by when. */
  const told: { id: string; atMs: number }[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      void text(request).then((body) => {
        told.push({ id: (JSON.parse(body) as { data: { id: string } }).data.id, atMs: performance.now() });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    hookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    long = await repeated('fake-en.flac', 100);
    system = await startClassicSystem({
      store: kind,
      env: { WEBHOOK_ALLOW_HOSTS: '127.0.0.1', SWEEP_EVERY_S: '1' },
    });
  }, 120_000);
  afterAll(async () => {
    receiver.close();
    await system?.stop();
  });

  const begin = async (options = {}) => (await system.client.submit(await recording(long), options)).id;
  const isRunning = async (id: string) => (await system.client.get(id)).status === 'processing';
  const cancel = (id: string) => fetch(`${system.url}/v1/analyses/${id}/cancel`, { method: 'POST' });

  async function nothingIsDone(): Promise<void> {
    const lists = ['analyses', 'webhooks'].flatMap((queue) =>
      ['wait', 'active'].map((state) => `{bonafide}:${queue}:${state}`),
    );
    const lengths = () => Promise.all(lists.map((list) => system.redis.llen(list)));
    await until('nothing is done', async () => (await lengths()).every((length) => length === 0));
  }

  test('When analyses are canceled, one waiting and one running, then both end so and the worker goes on', async () => {
    const running = await begin();
    await until('it runs', () => isRunning(running));
    const waiting = (await system.client.submit(await recording('real-en-3s.wav'))).id;
    const behind = (await system.client.submit(await recording('real-en-3s.wav'))).id;
    for (const id of [waiting, running]) {
      const answer = await cancel(id);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ id, status: 'canceled', progress: 1 });
    }
    expect((await system.client.wait(behind, { timeoutSec: 30 })).status).toBe('succeeded');
    for (const id of [waiting, running]) {
      expect(await system.client.get(id)).toMatchObject({ status: 'canceled' });
      expect(await (await cancel(id)).json()).toMatchObject({ status: 409, code: 'conflict' });
    }
    const { items } = await system.client.list({ status: 'canceled' });
    expect(items.map(({ id }) => id).sort()).toEqual([waiting, running].sort());
  });

  test('When an analysis is canceled for which a call waits, then the call is told so', async () => {
    const form = new FormData();
    form.set('file', (await recording(long)).content, 'waited-for.flac');
    form.set('label', 'waited for');
    const call = fetch(`${system.url}/analyze_voice_data`, { method: 'POST', body: form });
    const found = async () => (await system.client.list({ label: 'waited for' })).items.at(0)?.id;
    await until('it is taken in', async () => (await found()) !== undefined);
    await cancel((await found()) as string);
    const answer = await call;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([409, null]);
    expect(await answer.json()).toMatchObject({ code: 'conflict', detail: 'The analysis was canceled' });
  });

  test('When an analysis runs, then it says that it began when it will have begun', async () => {
    const content = await recording(await repeated('fake-en.flac', 20));
    const { id } = await system.client.submit(content);
    await until('it runs', () => isRunning(id));
    const { started_at, status } = await system.client.get(id);
    expect(status).toBe('processing');
    expect((await system.client.wait(id, { timeoutSec: 60 })).started_at).toBe(started_at);
  });

  test('When an analysis has its result, then it cannot be canceled', async () => {
    const { id } = await system.client.submit(await recording('real-en-3s.wav'));
    await system.client.wait(id, { timeoutSec: 60 });
    expect((await cancel(id)).status).toBe(409);
  });

  test('When an analysis is deleted, then nothing of it is left, and the answer says what there was', async () => {
    const sent = await recording('real-it.flac');
    const { id } = await system.client.submit(sent, { label: 'gone', webhook_url: hookUrl });
    await system.client.wait(id, { timeoutSec: 60 });
    await until('it was told', async () => {
      const keys = await keysNaming(system.store, id);
      return keys.some((key) => key.endsWith('announced.json'));
    });
    // A job that is being finished stays its worker's.
    await until('its job is over', () => system.redis.zscore('{bonafide}:analyses:completed', id));
    await nothingIsDone();
    const deletion = deletionSchema.parse(await system.client.remove(id));
    expect(deletion).toMatchObject({
      id,
      removed: { media: 1, submission: 1, result: 1, deliveries: 1, jobs: 1 },
    });
    expect(deletion.removed.documents).toBeGreaterThan(0);
    expect(await keysNaming(system.store, id)).toEqual([]);
    const left = (await system.redis.keys('*')).filter(
      (key) => key.includes(id) && !key.includes(':analysis:'),
    );
    expect(left).toEqual([]);
    expect((await system.client.list({ label: 'gone' })).items).toEqual([]);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/cancel'],
      ['GET', '/events'],
      ['GET', '/media'],
    ]) {
      expect((await fetch(`${system.url}/v1/analyses/${id}${path}`, { method })).status).toBe(404);
    }
  });

  test('When an analysis is deleted while it runs, then its worker leaves it and brings nothing afterwards', async () => {
    const id = await begin();
    await until('it runs', () => isRunning(id));
    await system.client.remove(id);
    const next = (await system.client.submit(await recording('real-en-3s.wav'))).id;
    expect((await system.client.wait(next, { timeoutSec: 30 })).status).toBe('succeeded');
    expect(await keysNaming(system.store, id)).toEqual([]);
  });

  test('When short ones are deleted at any moment, then nothing of them is left, and nobody is told afterwards', async () => {
    const goneMs = new Map<string, number>();
    const sent = await readFile(fixture('real-en-3s.wav'));
    for (let moment = 0; moment < MOMENTS; moment++) {
      const content = new Blob([sent, `different bytes ${moment}`]);
      const { id } = await system.client.submit({ content, filename: 'short.wav' }, { webhook_url: hookUrl });
      // Not a wait for anything: these are the moments at which a worker may be disturbed.
      await sleep(moment * MOMENT_MS);
      await system.client.remove(id);
      goneMs.set(id, performance.now());
    }
    await nothingIsDone();
    const left: string[] = [];
    for await (const { key } of system.store.list('')) {
      const document = key.endsWith('.json') ? String(await system.store.read(key)) : '';
      if ([...goneMs.keys()].some((id) => key.includes(id) || document.includes(id))) left.push(key);
    }
    expect(left).toEqual([]);
    const late = told.filter(({ id, atMs }) => atMs > (goneMs.get(id) ?? Infinity) + ON_ITS_WAY_MS);
    expect(late).toEqual([]);
  });
});

describe.each(['s3', 'folder'] as const)('retention with the %s store', (kind) => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({ store: kind, env: { RETENTION: '1h', RETENTION_EVERY_S: '1' } });
  }, 120_000);
  afterAll(() => system?.stop());

  const mediaOf = (id: string) => system.store.head(`media/default/${id}`);

  test.each(['none', '1s', 'PT1S'])(
    'When the retention is %s, then the recording goes and the result stays',
    async (retention) => {
      const { id } = await system.client.submit(await recording('real-en-3s.wav'), { retention });
      const before = await system.client.wait(id, { timeoutSec: 60 });
      await until('the recording is gone', async () => (await mediaOf(id)) === null);
      expect(await system.client.get(id)).toEqual(before);
    },
  );

  test('When none is named, then the default of the deployment holds', async () => {
    const { id } = await system.client.submit(await recording('real-en-3s.wav'));
    await system.client.wait(id, { timeoutSec: 60 });
    const due = await until('it is on the list', () =>
      system.redis.zscore('{bonafide}:media-due', `default/${id}`),
    );
    expect(Number(due) - Date.now()).toBeGreaterThan(3_500_000);
    expect(await mediaOf(id)).not.toBeNull();
  });

  test('When Redis is emptied, then recordings go all the same', async () => {
    const { id } = await system.client.submit(await recording('real-en-3s.wav'), { retention: '4s' });
    await system.client.wait(id, { timeoutSec: 60 });
    await system.redis.flushall();
    await system.client.list();
    await until('the recording is gone', async () => (await mediaOf(id)) === null);
  });

  test.each(['soon', '-1d', '3', 'P1Y'])(
    'When the retention is %j, then it is refused',
    async (retention) => {
      await expect(
        system.client.submit(await recording('real-en-3s.wav'), { retention }),
      ).rejects.toMatchObject({ problem: { code: 'invalid_request' } });
    },
  );
});
