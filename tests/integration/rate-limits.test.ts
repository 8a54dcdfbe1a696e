import { request as httpRequest } from 'node:http';
import type { Problem } from '@bonafide/contracts';
import { createKey, createRecords, listKeys } from '@bonafide/platform';
import { startClassicSystem, until, type System } from '../system';

const LIMITS = { RATE_SUBMISSIONS_PER_MIN: '6', RATE_BYTES_PER_MIN: '6000', RATE_READS_PER_MIN: '5' };
let system: System;
let otherApi: string;

beforeAll(async () => {
  system = await startClassicSystem({ store: 'folder', workers: 0, env: LIMITS });
  otherApi = await system.startApi();
});
afterAll(() => system?.stop());

async function keyOf(name: string): Promise<string> {
  const wish = { name, tenant: name, scopes: ['submit' as const, 'read' as const] };
  return (await createKey(createRecords(system.store), wish)).key;
}

async function call(key: string, { url = system.url, body }: { url?: string; body?: string } = {}) {
  const response = await fetch(`${url}/v1/analyses/none`, {
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/plain' },
    ...(body !== undefined && { method: 'POST', body }),
  });
  const { code } = (await response.json()) as Problem;
  const header = (name: string) => response.headers.get(name);
  return {
    code,
    status: response.status,
    policy: header('ratelimit-policy'),
    left: header('ratelimit'),
    retryAfter: header('retry-after'),
  };
}

test('When a key reads, then it is told what is left, and when that is used up, when to come again', async () => {
  const key = await keyOf('reader');
  const first = await call(key);
  expect(first).toMatchObject({ status: 404, policy: '"reads";q=5;w=60', left: '"reads";r=4;t=12' });
  for (const left of [3, 2, 1, 0]) expect((await call(key)).left).toMatch(`r=${left};`);
  const refused = await call(key);
  expect(refused).toMatchObject({ status: 429, code: 'rate_limited' });
  expect(refused.left).toMatch('"reads";r=0;');
  expect(Number(refused.retryAfter)).toBeGreaterThan(0);
  expect(Number(refused.retryAfter)).toBeLessThanOrEqual(12);
});

test('When two processes serve one key, then its limit holds over both, and for no other key', async () => {
  const key = await keyOf('both');
  const statuses = [];
  for (const url of [system.url, otherApi, system.url, otherApi, system.url, otherApi]) {
    statuses.push((await call(key, { url })).status);
  }
  expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
  expect((await call(await keyOf('neighbour'), { url: otherApi })).status).toBe(404);
});

test('When a key has used its submissions, then it may still read', async () => {
  const key = await keyOf('submitter');
  const statuses = [];
  for (let count = 0; count < 7; count++) statuses.push((await call(key, { body: 'x' })).status);
  expect(statuses).toEqual([405, 405, 405, 405, 405, 405, 429]);
  expect((await call(key)).status).toBe(404);
});

test('When a key has used its bytes, then it waits for them, and what is larger than all goes through once', async () => {
  const key = await keyOf('bytes');
  const first = await call(key, { body: 'x'.repeat(4000) });
  expect(first.policy).toBe('"submissions";q=6;w=60, "bytes";q=6000;w=60;qu="content-bytes"');
  expect(first).toMatchObject({ status: 405, left: '"submissions";r=5;t=10, "bytes";r=2000;t=40' });
  const refused = await call(key, { body: 'x'.repeat(4000) });
  expect(refused).toMatchObject({ status: 429 });
  expect(Number(refused.retryAfter)).toBeGreaterThan(15);
  expect(refused.left).toMatch('"submissions";r=5;');
  const large = await keyOf('large');
  expect((await call(large, { body: 'x'.repeat(100_000) })).status).toBe(405);
  expect((await call(large, { body: 'x'.repeat(4000) })).status).toBe(429);
});

test('When a body declares no length, then its bytes count once it was read', async () => {
  const key = await keyOf('chunked');
  await new Promise<void>((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const chunked = httpRequest(`${system.url}/v1/analyses`, { method: 'POST', headers });
    chunked.once('response', (response) => response.resume().once('close', resolve)).once('error', reject);
    for (let count = 0; count < 500; count++) chunked.write('x'.repeat(1000));
    chunked.end();
  });
  const subject = (await listKeys(createRecords(system.store), 'chunked'))[0].id;
  const counter = `{bonafide}:rate:bytes:${subject}`;
  await until('the bytes are counted', async () => (await system.redis.pttl(counter)) > 45_000);
  expect(await call(key, { body: 'x'.repeat(4000) })).toMatchObject({ status: 429, code: 'rate_limited' });
});

test('When a direct upload is announced, then the bytes that its link lets in count', async () => {
  const key = await keyOf('direct');
  const upload = await fetch(`${system.url}/v1/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ length: 60_000, sha256: 'a'.repeat(64), filename: 'large.wav' }),
  });
  expect(upload.status).toBe(201);
  expect(await call(key, { body: 'x'.repeat(1000) })).toMatchObject({ status: 429, code: 'rate_limited' });
});
