import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Batch } from '@bonafide/contracts';
import {
  batchCaller,
  fixture,
  gzip,
  startStoreProxy,
  startClassicSystem,
  tarOf,
  until,
  type StoreProxy,
  type System,
  type Treatment,
} from '../system';
import { startReceiver, type Receiver } from './load';

const ENTRIES = ['a.wav', 'b.wav', 'c.wav'];
const CLIP = readFileSync(fixture('real-en-3s.wav'));
let system: System;
let receiver: Receiver;
let proxy: StoreProxy;
/** What becomes of a write by the process that is to die; null where it is nothing out of the ordinary. */
let interfere: (path: string) => Treatment | 'stuck' | null = () => null;

beforeAll(async () => {
  receiver = await startReceiver();
  // Nobody but the client that repeats its request sees to what the killed process left.
  const env = { RECONCILE_EVERY_S: '3600', WEBHOOK_ALLOW_HOSTS: '127.0.0.0/8' };
  system = await startClassicSystem({ store: 's3', workers: 1, env });
  proxy = await startStoreProxy(String(system.s3Server?.endpoint), ({ method, path }) => {
    const treatment = (method === 'PUT' && interfere(path)) || 'served';
    return treatment === 'stuck' ? new Promise(() => undefined) : Promise.resolve(treatment);
  });
  const events = ['analysis.succeeded', 'analysis.failed', 'batch.completed', 'batch.failed'] as const;
  await system.client.webhookEndpoints.create({ url: receiver.url, events: [...events] });
}, 300_000);
afterAll(async () => {
  await system?.stop();
  proxy?.close();
  receiver?.server.closeAllConnections();
  receiver?.server.close();
});

type Sent = { path: string; key: string; content: Buffer };

async function post(url: string, { path, key, content }: Sent) {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(content)]), 'clip.wav');
  const headers = { 'idempotency-key': key };
  const response = await fetch(`${url}${path}`, { method: 'POST', body, headers });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as { id: string },
  };
}

const keyHash = (key: string) => createHash('sha256').update(key).digest('hex');

/** When the process dies: by the write to the store behind which nothing of it happens any more. */
const MOMENTS = {
  'the record is written and no job is queued': () => (path: string) =>
    /\/(submission|batch)\.json$/.test(path) ? ('unanswered' as const) : null,
  'the job is queued and nothing answered': (key: string) => {
    let writes = 0;
    return (path: string) => (path.includes(keyHash(key)) && ++writes === 2 ? ('stuck' as const) : null);
  },
};

/** Sends it to an API process that is killed at that moment, and lets the time pass until its claim is over. */
async function loseAnswer(sent: Sent, moment: keyof typeof MOMENTS): Promise<void> {
  const url = await system.startApi({ S3_ENDPOINT: proxy.endpoint });
  const treat = MOMENTS[moment](sent.key);
  let isThere = false;
  interfere = (path) => {
    const treatment = treat(path);
    isThere ||= treatment !== null;
    return treatment;
  };
  const lost = post(url, sent).catch(() => 'lost');
  await until('it is at that moment', () => isThere);
  if (moment.startsWith('the record'))
    await until('the record is there', async () => (await made()).size > 0);
  await system.workers.at(-1)?.end('SIGKILL');
  interfere = () => null;
  expect(await lost).toBe('lost');
  const place = `idempotency/default/${keyHash(sent.key)}.json`;
  const claim = JSON.parse(String(await system.store.read(place))) as { lease_until: string };
  claim.lease_until = new Date(Date.now() - 1).toISOString();
  await system.store.put(place, Buffer.from(JSON.stringify(claim)));
}

/** Ids of everything that was taken in since the last test, beside the entries of batches. */
const known = new Set<string>();
async function made(): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { key } of system.store.list('batches/default/')) ids.add(key.split('/')[2]);
  for await (const { key } of system.store.list('analyses/default/')) {
    if (!key.endsWith('/submission.json')) continue;
    const { id, batch_id } = JSON.parse(String(await system.store.read(key))) as Record<string, string>;
    ids.add(batch_id ?? id);
  }
  for (const id of known) ids.delete(id);
  return ids;
}
afterEach(async () => (await made()).forEach((id) => known.add(id)));

async function expectOneEnd(id: string): Promise<void> {
  const about = () => receiver.events.filter((event) => event.about === id).map((event) => event.id);
  await until('its end is told', () => about().length > 0, 60);
  expect(new Set(about()).size).toBe(1);
}

const moments = Object.keys(MOMENTS) as (keyof typeof MOMENTS)[];

test.each(moments)(
  'When the API is killed after %s, then the repeated submission is the same analysis',
  async (moment) => {
    const sent = {
      path: '/v1/analyses',
      key: randomUUID(),
      content: Buffer.concat([CLIP, Buffer.from(moment)]),
    };
    await loseAnswer(sent, moment);
    const again = await post(system.url, sent);
    expect(again).toMatchObject({ status: 202, body: { status: 'queued' } });
    expect(again.headers.get('location')).toBe(`/v1/analyses/${again.body.id}`);
    expect([...(await made())]).toEqual([again.body.id]);
    expect(await post(system.url, sent)).toMatchObject({ status: 202, body: again.body });
    await expectOneEnd(again.body.id);
    expect((await system.client.get(again.body.id)).status).toBe('succeeded');
    expect([...(await made())]).toEqual([again.body.id]);
  },
  180_000,
);

test.each(moments)(
  'When the API is killed after %s, then the repeated batch is the same batch with the same entries',
  async (moment) => {
    const data = (name: string) => Buffer.concat([CLIP, Buffer.from(`${name} ${moment}`)]);
    const content = gzip(await tarOf(ENTRIES.map((name) => ({ name, data: data(name) }))));
    const sent = { path: '/v1/batches', key: randomUUID(), content };
    await loseAnswer(sent, moment);
    const { status, body } = await post(system.url, sent);
    expect(status).toBe(202);
    expect([...(await made())]).toEqual([body.id]);
    const batches = batchCaller(system.url);
    expect(await batches.ended(body.id, 60)).toMatchObject<Partial<Batch>>({
      status: 'completed',
      counters: expect.objectContaining({ total: ENTRIES.length, succeeded: ENTRIES.length }) as never,
    });
    const items = await batches.items(body.id);
    expect(items.map(({ path }) => path)).toEqual(ENTRIES);
    for (const { analysis_id } of items) await expectOneEnd(String(analysis_id));
    await expectOneEnd(body.id);
    expect([...(await made())]).toEqual([body.id]);
  },
  180_000,
);

test('When another request comes with the key of one that was lost, then it is refused and takes nothing from it', async () => {
  const sent = {
    path: '/v1/analyses',
    key: randomUUID(),
    content: Buffer.concat([CLIP, Buffer.from('mine')]),
  };
  await loseAnswer(sent, 'the record is written and no job is queued');
  const other = { ...sent, content: Buffer.concat([CLIP, Buffer.from('other')]) };
  expect(await post(system.url, other)).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
  const [id] = await made();
  expect(await system.store.read(`media/default/${id}`)).toEqual(sent.content);
  expect(await post(system.url, sent)).toMatchObject({ status: 202, body: { id } });
  await expectOneEnd(id);
}, 180_000);
