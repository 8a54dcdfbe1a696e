import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { createKey, createRecords } from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import { fixture, startClassicSystem, until, type System } from '../system';

/**
 * Alice has one of everything; Bob knows all her ids. Which routes there are is read from the service's own
 * description, so that a new one is tried as soon as it is described.
 */
type Description = { paths: Record<string, Record<string, { security?: unknown[] }>> };
type Things = Record<string, string>;

let system: System;
let alice: string;
let bob: string;
let things: Things;
let strangers: Things;

beforeAll(async () => {
  system = await startClassicSystem({
    store: 'folder',
    workers: 1,
    env: { WEBHOOK_ALLOW_HOSTS: '127.0.0.1', WEBHOOK_RETRY_SCHEDULE_S: '0,3600' },
  });
  const keyOf = (name: string) =>
    createKey(createRecords(system.store), { name, tenant: name, scopes: ['admin'] });
  const aliceKey = await keyOf('alice');
  [alice, bob] = [aliceKey.key, (await keyOf('bob')).key];
  await until('keys are needed', async () => (await call('GET', '/v1/keys', { key: '' })).status === 401);
  things = { ...(await makeThings()), '/v1/keys/{id}': aliceKey.id };
  strangers = Object.fromEntries(Object.keys(things).map((name) => [name, uuidv7()]));
}, 120_000);
afterAll(() => system?.stop());

async function call(method: string, path: string, { key, body }: { key: string; body?: unknown }) {
  const isJson = body !== undefined && !(body instanceof FormData);
  const response = await fetch(`${system.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(isJson && { 'content-type': 'application/json' }) },
    body: isJson ? JSON.stringify(body) : body,
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return { status: response.status, text };
}

async function created(path: string, body: unknown): Promise<string> {
  const { status, text } = await call('POST', path, { key: alice, body });
  if (status >= 300) throw new Error(`${path} answered ${status}: ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

async function form(): Promise<FormData> {
  const data = new FormData();
  data.set('file', await openAsBlob(fixture('real-en-3s.wav')), 'real-en-3s.wav');
  return data;
}

/** By the path under which each thing is found. */
async function makeThings(): Promise<Things> {
  const url = 'http://127.0.0.1:9/nobody-listens';
  const endpoint = await created('/v1/webhook-endpoints', { url, events: ['batch.completed'] });
  await call('POST', `/v1/webhook-endpoints/${endpoint}/test`, { key: alice });
  const delivery = await until('the delivery is listed', async () => {
    const list = await call('GET', `/v1/webhook-endpoints/${endpoint}/deliveries`, { key: alice });
    return (JSON.parse(list.text) as { items: { id: string }[] }).items[0]?.id;
  });
  const analysis = await created('/v1/analyses', await form());
  await until('the analysis has ended', async () => {
    const { text } = await call('GET', `/v1/analyses/${analysis}?wait=10`, { key: alice });
    return (JSON.parse(text) as { status: string }).status === 'succeeded';
  });
  return {
    '/v1/analyses/{id}': analysis,
    '{feedback}': await created(`/v1/analyses/${analysis}/feedback`, { label: 'real', consent: true }),
    '{share}': await created(`/v1/analyses/${analysis}/shares`, { expires_in_sec: 600 }),
    '/v1/batches/{id}': await created('/v1/batches', { items: [{ url }] }),
    '/v1/uploads/{id}': await created('/v1/uploads', {
      length: 9,
      sha256: 'a'.repeat(64),
      filename: 'a.wav',
    }),
    '/v1/webhook-endpoints/{id}': endpoint,
    '{delivery}': delivery,
  };
}

/** Every described operation that asks for a key. */
async function operations(): Promise<{ method: string; path: string }[]> {
  const { paths } = (await (await fetch(`${system.url}/openapi.json`)).json()) as Description;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security === undefined || security.length > 0)
      .map(([method]) => ({ method: method.toUpperCase(), path })),
  );
}

/** The address of a thing. Throws for a route whose things this test does not make yet. */
function addressOf(path: string, ids: Things): string {
  const [collection] = /^\/v1\/[^/]+\/\{id\}/.exec(path) ?? [''];
  const address = path
    .replace('{version}', '1.0.0')
    .replace('{id}', ids[collection] ?? '{id}')
    .replace(/\{(delivery|feedback|share)\}/, (name) => ids[name]);
  if (address.includes('{')) throw new Error(`this test knows no thing for ${path}`);
  return address;
}

/** Bundles of models belong to no tenant: they serve all of them. */
const isOfNobody = (path: string) => path.startsWith('/v1/models/');

/** What the route would accept from its owner. */
function bodyFor(method: string, path: string): unknown {
  if (method === 'PATCH') return { enabled: false };
  if (method !== 'POST') return undefined;
  if (path.endsWith('/feedback')) return { label: 'fake' };
  return path.endsWith('/shares') ? { expires_in_sec: 600 } : undefined;
}

/** What the answer says, whoever's id it speaks of. */
const said = ({ status, text }: { status: number; text: string }) => ({
  status,
  text: text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'),
});

test('When Bob names what is of Alice, then every route answers as if it did not exist', async () => {
  const tried = [];
  for (const { method, path } of await operations()) {
    if (!path.includes('{') || !path.startsWith('/v1/') || isOfNobody(path)) continue;
    const body = bodyFor(method, path);
    const hers = await call(method, addressOf(path, things), { key: bob, body });
    const nobodys = await call(method, addressOf(path, strangers), { key: bob, body });
    const { code } = JSON.parse(hers.text) as { code?: string };
    expect({ method, path, status: hers.status, code }).toEqual({
      method,
      path,
      status: 404,
      code: 'not_found',
    });
    expect({ method, path, ...said(hers) }).toEqual({ method, path, ...said(nobodys) });
    tried.push(`${method} ${path}`);
  }
  expect(tried.length).toBeGreaterThan(20);
});

test('When Bob lists, then nothing of Alice is among it', async () => {
  const lists = (await operations()).filter(
    ({ method, path }) => method === 'GET' && !path.includes('{') && !isOfNobody(path),
  );
  for (const { path } of lists) {
    const { status, text } = await call('GET', path, { key: bob });
    expect({ path, status }).toEqual({ path, status: 200 });
    for (const id of Object.values(things))
      expect({ path, found: text.includes(id) }).toEqual({ path, found: false });
  }
  expect(lists.map(({ path }) => path)).toEqual(expect.arrayContaining(['/v1/analyses', '/v1/keys']));
});

test('When Bob builds on what is of Alice, then it does not exist for him', async () => {
  const upload_id = things['/v1/uploads/{id}'];
  for (const [path, body] of [
    ['/v1/analyses', { upload_id }],
    ['/v1/batches', { upload_id }],
  ] as const) {
    const answer = await call('POST', path, { key: bob, body });
    expect({ path, status: answer.status }).toEqual({ path, status: 404 });
  }
});

test('When both use one Idempotency-Key, then each hears of an analysis of their own', async () => {
  const shared = randomUUID();
  const submit = async (key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': shared };
    const response = await fetch(`${system.url}/v1/analyses`, {
      method: 'POST',
      headers,
      body: await form(),
    });
    return { status: response.status, id: ((await response.json()) as { id: string }).id };
  };
  const [first, second] = [await submit(alice), await submit(bob)];
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(first.id).not.toBe(second.id);
});

test('When Bob has tried everything, then all of it is still there for Alice', async () => {
  for (const { method, path } of await operations()) {
    if (method !== 'GET' || !/\{id\}$/.test(path)) continue;
    const { status } = await call('GET', addressOf(path, things), { key: alice });
    expect({ path, status }).toEqual({ path, status: 200 });
  }
  const keys = await call('GET', '/v1/keys', { key: alice });
  expect(keys.text).toContain('"revoked_at":null');
});

test('When a request brings no key, then every route that asks for one refuses before it looks', async () => {
  for (const { method, path } of await operations()) {
    const address = path.includes('{') ? addressOf(path, things) : path;
    const { status } = await call(method, address, { key: '' });
    expect({ method, path, status }).toEqual({ method, path, status: 401 });
  }
});
