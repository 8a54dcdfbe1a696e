import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Batch, CreatedUpload, Problem, WebhookEvent } from '@bonafide/contracts';
import {
  batchCaller,
  fixture,
  gzip,
  rubbish,
  startReceiver,
  startClassicSystem,
  tarOf,
  until,
  zipOf,
  type BatchCaller,
  type Receiver,
  type System,
} from '../system';

/** On a machine that does much else beside. */
jest.setTimeout(240_000);

const ENTRIES = 60;
let system: System;
let receiver: Receiver;
let batches: BatchCaller;

beforeAll(async () => {
  receiver = await startReceiver();
  const env = {
    STALLED_AFTER_S: '2',
    RECONCILE_EVERY_S: '1',
    RECONCILE_GRACE_S: '1',
    WEBHOOK_ALLOW_HOSTS: '127.0.0.1',
    BATCH_MAX_ENTRIES: '80',
    BATCH_S3_PREFIXES: 's3://recordings/open/',
    BATCH_MAX_ENTRY_BYTES: '400000',
  };
  system = await startClassicSystem({ store: 's3', env });
  batches = batchCaller(system.url);
});
afterAll(async () => {
  await system?.stop();
  await receiver?.stop();
});

const numbered = (from: number, count = ENTRIES) =>
  Array.from({ length: count }, (_unused, place) => ({ name: `${place}.wav`, data: rubbish(from + place) }));

const endsOf = (id: string) =>
  receiver.received.filter(({ body }) => {
    const { type, data } = JSON.parse(body) as WebhookEvent;
    return type.startsWith('batch.') && 'id' in data && data.id === id;
  });

/** Every outcome in the store that is of this batch. */
async function outcomes(id: string): Promise<string[]> {
  const items = await batches.items(id);
  const ids = new Set(items.map(({ analysis_id }) => analysis_id));
  const found: string[] = [];
  for await (const { key } of system.store.list('analyses/default/')) {
    const [, , analysisId, document] = key.split('/');
    if (document === 'result.json' && ids.has(analysisId)) found.push(analysisId);
  }
  return found;
}

async function midway(id: string, ended: number): Promise<Batch> {
  return until('the batch is in the middle', async () => {
    const batch = await batches.get(id);
    const { failed, succeeded } = batch.counters;
    return failed + succeeded >= ended && batch;
  });
}

test('When its worker is killed in the middle, then a batch ends with one result an entry and one event', async () => {
  const archive = gzip(await tarOf(numbered(10_000)));
  const { id } = await batches.create(archive, 'killed.tar.gz', { webhook_url: receiver.url });
  await midway(id, 3);
  await system.workers.at(-1)?.end('SIGKILL');
  await system.startWorker();
  const batch = await batches.ended(id, 120);
  expect(batch).toMatchObject({ status: 'completed' });
  expect(batch.counters).toMatchObject({ total: ENTRIES, failed: ENTRIES, queued: 0, processing: 0 });
  const items = await batches.items(id);
  expect(items.map(({ path }) => path)).toEqual(numbered(0).map(({ name }) => name));
  expect(new Set(items.map(({ analysis_id }) => analysis_id)).size).toBe(ENTRIES);
  expect(await outcomes(id)).toHaveLength(ENTRIES);
  await until('the end is told', () => endsOf(id).length === 1);
});

test('When Redis is emptied in the middle, then a batch ends all the same, and is told of once', async () => {
  const { id } = await batches.create(zipOf(numbered(20_000)), 'flushed.zip', { webhook_url: receiver.url });
  await midway(id, 3);
  await system.redis.flushall();
  const batch = await batches.ended(id, 120);
  expect(batch.counters).toMatchObject({ total: ENTRIES, failed: ENTRIES, queued: 0, processing: 0 });
  expect(await outcomes(id)).toHaveLength(ENTRIES);
  await until('the end is told', () => endsOf(id).length === 1);
});

test('When an entry is deleted and Redis is emptied in the middle, then the batch ends as if it were there', async () => {
  const { id } = await batches.create(zipOf(numbered(25_000)), 'deleted.zip');
  await midway(id, 3);
  const items = await batches.items(id);
  const ended = items.find(({ status }) => status === 'failed');
  await system.client.remove(ended?.analysis_id as string);
  await system.redis.flushall();
  const batch = await batches.ended(id, 120);
  expect(batch.counters).toMatchObject({ total: ENTRIES, failed: ENTRIES, queued: 0, canceled: 0 });
});

test('When a batch has ended and Redis is empty, then everything about it can be read', async () => {
  const { id } = await batches.create(zipOf(numbered(30_000, 3)), 'read.zip');
  const before = await batches.ended(id);
  const items = await batches.items(id);
  await system.redis.flushall();
  expect(await batches.get(id)).toEqual(before);
  expect(await batches.items(id)).toEqual(items);
});

test('When a single recording comes while a batch is under way, then it goes first', async () => {
  const { id } = await batches.create(zipOf(numbered(40_000)), 'busy.zip');
  const before = await midway(id, 2);
  const content = new Blob([new Uint8Array(readFileSync(fixture('real-en-3s.wav')))]);
  const { id: single } = await system.client.submit({ content, filename: 'single.wav' });
  await system.client.wait(single, { timeoutSec: 60 });
  const after = await batches.get(id);
  expect(after.status).toBe('processing');
  expect(after.counters.failed - before.counters.failed).toBeLessThan(ENTRIES / 2);
  expect((await batches.ended(id)).counters.failed).toBe(ENTRIES);
});

test('When more is in an archive than is allowed, then it stops there and what was before stays', async () => {
  const { id } = await batches.create(zipOf(numbered(50_000, 100)), 'many.zip');
  const batch = await batches.ended(id);
  expect(batch).toMatchObject({ status: 'failed', error: { code: 'archive_over_limit' } });
  expect(batch.counters).toMatchObject({ failed: 80, queued: 0 });
  const bomb = Buffer.concat([rubbish(0), Buffer.alloc(30 * 1024 ** 2)]);
  const packed = zipOf([
    { name: 'bomb.wav', data: bomb, method: 'deflated' },
    { name: 'liar.wav', data: bomb, method: 'deflated', stated: { size: 100 } },
    { name: 'good.wav', data: rubbish(60_000) },
  ]);
  const second = await batches.create(packed, 'bomb.zip');
  await batches.ended(second.id);
  const items = await batches.items(second.id);
  expect(items.map(({ status, reason, error }) => [status, reason ?? error?.code])).toEqual([
    ['skipped', 'over_limit'],
    ['failed', 'archive_damaged'],
    ['failed', 'truncated_audio'],
  ]);
});

test('When recordings are named instead of sent, then each is fetched and keeps its names', async () => {
  const real = readFileSync(fixture('real-en-3s.wav'));
  receiver.reply = ({ path }) => (path === '/a.wav' ? { status: 200, body: real } : { status: 404 });
  const response = await batches.createNamed({
    items: [
      { url: `${receiver.url}/a.wav`, custom_id: 'one', label: 'x' },
      { url: `${receiver.url}/missing.wav`, custom_id: 'two' },
    ],
  });
  expect(response.status).toBe(202);
  const { id } = (await response.json()) as Batch;
  expect((await batches.ended(id)).status).toBe('completed');
  const items = await batches.items(id);
  expect(items[0]).toMatchObject({ path: 'a.wav', status: 'succeeded', custom_id: 'one', label: 'x' });
  expect(items[1]).toMatchObject({ status: 'failed', error: { code: 'fetch_failed' }, custom_id: 'two' });
});

test('When an archive was uploaded directly, then a batch is made of it', async () => {
  const archive = zipOf(numbered(70_000, 3));
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const announced = await fetch(`${system.url}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ length: archive.length, sha256, filename: 'direct.zip' }),
  });
  const { upload_id, put } = (await announced.json()) as CreatedUpload;
  expect((await batches.createNamed({ upload_id })).status).toBe(409);
  const body = new Blob([new Uint8Array(archive)]);
  expect((await fetch(put.url, { method: put.method, headers: put.headers, body })).ok).toBe(true);
  const listed = await batches.createNamed({
    items: [{ upload_id, custom_id: 'an archive is no recording' }],
  });
  const list = await batches.ended(((await listed.json()) as Batch).id);
  expect((await batches.items(list.id))[0]).toMatchObject({ path: 'direct.zip', reason: 'nested_archive' });
  const response = await batches.createNamed({ upload_id, label: 'direct' });
  expect(response.status).toBe(202);
  const batch = await batches.ended(((await response.json()) as Batch).id);
  expect(batch).toMatchObject({
    status: 'completed',
    filename: 'direct.zip',
    counters: { total: 3, failed: 3 },
  });
  expect((await batches.createNamed({ upload_id })).status).toBe(404);
});

test('When a prefix of an allowed bucket is handed over, then its objects are the entries', async () => {
  const at = (key: string) => `${system.s3Server?.endpoint}/recordings/${key}`;
  await fetch(at(''), { method: 'PUT' });
  for (const [key, content] of [
    ['open/march/one.wav', rubbish(80_000)],
    ['open/march/notes.txt', Buffer.from('words')],
    ['open/may/other.wav', rubbish(80_001)],
  ] as const) {
    expect((await fetch(at(key), { method: 'PUT', body: new Uint8Array(content) })).ok).toBe(true);
  }
  const response = await batches.createNamed({ prefix: 's3://recordings/open/march/' });
  expect(response.status).toBe(202);
  const batch = await batches.ended(((await response.json()) as Batch).id);
  expect(batch).toMatchObject({ status: 'completed', source: { kind: 'prefix' } });
  const items = await batches.items(batch.id);
  expect(items.map(({ path, status }) => [path, status])).toEqual([
    ['notes.txt', 'skipped'],
    ['one.wav', 'failed'],
  ]);
});

test('When more is named than is allowed, then a prefix stops there and a list is refused', async () => {
  const at = (key: string) => `${system.s3Server?.endpoint}/recordings/${key}`;
  await fetch(at(''), { method: 'PUT' });
  for (let place = 0; place < 81; place++) {
    const body = new Uint8Array(rubbish(90_000 + place));
    expect((await fetch(at(`open/many/${place}.wav`), { method: 'PUT', body })).ok).toBe(true);
  }
  const response = await batches.createNamed({ prefix: 's3://recordings/open/many/' });
  const batch = await batches.ended(((await response.json()) as Batch).id);
  expect(batch).toMatchObject({ status: 'failed', error: { code: 'archive_over_limit' } });
  expect(batch.counters).toMatchObject({ total: 80, failed: 80, queued: 0 });
  const items = Array.from({ length: 81 }, (_unused, place) => ({ url: `${receiver.url}/${place}.wav` }));
  const list = await batches.createNamed({ items });
  expect([list.status, ((await list.json()) as Problem).code]).toEqual([413, 'archive_over_limit']);
});
