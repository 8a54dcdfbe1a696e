import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { CreatedEndpoint, Delivery, Endpoint, Page, TenantSecret } from '@bonafide/contracts';
import { Webhook } from 'standardwebhooks';
import {
  recording,
  ROOT,
  startReceiver,
  startSystem,
  until,
  type Received,
  type Receiver,
  type System,
} from '../system';

const BASE = '/v1/webhook-endpoints';
const PYTHON = join(ROOT, '.cache/venv/bin/python');
const VERIFY = `
import json, sys
from standardwebhooks.webhooks import Webhook
given = json.load(sys.stdin)
print(Webhook(given["secret"]).verify(given["body"], given["headers"])["type"])
`;
type Event = {
  type: string;
  timestamp: string;
  data: { id: string; links: { self: string }; result?: object };
};

let system: System;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  system = await startSystem({
    store: 's3',
    env: {
      WEBHOOK_ALLOW_HOSTS: `127.0.0.1:${receiver.port}`,
      WEBHOOK_RETRY_SCHEDULE_S: '0,0.1,0.1,0.1',
      WEBHOOK_TIMEOUT_S: '1',
      ENDPOINTS_EVERY_S: '1',
      URL_TIMEOUT_S: '1',
      PUBLIC_URL: 'https://bonafide.example',
    },
  });
});
afterAll(async () => {
  await system?.stop();
  await receiver?.stop();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.reply = () => ({ status: 204 });
});
afterEach(async () => {
  const { items } = await ask<Page<Endpoint>>('GET', BASE);
  for (const { id } of items) await ask('DELETE', `${BASE}/${id}`);
});

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(system.url + path, {
    method,
    headers: body && { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

const register = (path = '/hook', more: object = {}) =>
  ask<CreatedEndpoint>('POST', BASE, { url: receiver.url + path, ...more });
const deliveriesOf = async (id: string) =>
  (await ask<Page<Delivery>>('GET', `${BASE}/${id}/deliveries`)).items;
const sendTest = (id: string) => ask<Delivery>('POST', `${BASE}/${id}/test`);
const arrived = (count: number) => until(`${count} arrive`, () => receiver.received.length >= count);
const ended = (id: string) =>
  until('the delivery ends', async () => {
    const [delivery] = await deliveriesOf(id);
    return delivery && delivery.status !== 'pending' && delivery;
  });
const eventOf = ({ body }: Received) => JSON.parse(body) as Event;

function verify(secret: string, { body, headers }: Received): void {
  new Webhook(secret).verify(body, headers as Record<string, string>);
}

async function analysed(): Promise<string> {
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  await system.client.wait(id, { timeoutSec: 60 });
  return id;
}

test('When an analysis ends, then its endpoint is told once, in a form that verifiers of two languages accept', async () => {
  const { secret, id: endpointId } = await register();
  expect(await ask('GET', `${BASE}/${endpointId}`)).not.toHaveProperty('secret');
  const id = await analysed();
  await arrived(1);
  const [one] = receiver.received;
  verify(secret, one);
  const input = JSON.stringify({ secret, body: one.body, headers: one.headers });
  const python = spawnSync(PYTHON, ['-c', VERIFY], { input, encoding: 'utf8' });
  expect(python.stdout.trim() || python.stderr).toBe('analysis.succeeded');
  expect(eventOf(one)).toMatchObject({
    type: 'analysis.succeeded',
    data: {
      id,
      status: 'succeeded',
      result: { verdict: expect.any(String) as string, p_fake: expect.any(Number) as number },
      links: { self: `https://bonafide.example/v1/analyses/${id}` },
    },
  });
  expect(Buffer.byteLength(one.body)).toBeLessThan(20_000);
  expect(await ended(endpointId)).toMatchObject({
    id: one.headers['webhook-id'],
    analysis_id: id,
    status: 'succeeded',
    attempts: [{ status: 'succeeded', response_code: 204, error: null, next_attempt_at: null }],
  });

  // The same work once more, as after a lost worker: nobody is told again.
  await until('announced', () => system.store.head(`analyses/default/${id}/announced.json`));
  const { Queue } = await import('bullmq');
  const queue = new Queue('analyses', { connection: system.redis, prefix: '{bonafide}' });
  const job = await queue.add(
    'analysis.run',
    { version: 1, payload: { tenant: 'default', analysis_id: id } },
    { jobId: 'again' },
  );
  await until('it ran again', async () => (await job.getState()) === 'completed');
  await queue.close();
  await sendTest(endpointId);
  await until('the sample comes', () =>
    receiver.received.some((each) => eventOf(each).type === 'webhook.test'),
  );
  expect(receiver.received).toHaveLength(2);
});

test('When an outcome was written and its worker died before telling, then it is told by whoever comes next', async () => {
  const { id: endpointId } = await register();
  await system.workers[0].end('SIGKILL');
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  const now = new Date().toISOString();
  const outcome = { format: 1, id, tenant: 'default', started_at: now, finished_at: now, status: 'failed' };
  const error = { code: 'not_audio', message: 'The file is not audio that can be read' };
  await system.store.create(
    `analyses/default/${id}/result.json`,
    Buffer.from(JSON.stringify({ ...outcome, error })),
  );
  await system.startWorker();
  await ended(endpointId);
  expect(receiver.received.map(eventOf)).toMatchObject([{ type: 'analysis.failed', data: { id, error } }]);
});

test('When a secret is rotated, then both sign for a while, and with no overlap the new one alone', async () => {
  const { id, secret } = await register();
  const rotated = await ask<{ secret: string }>('POST', `${BASE}/${id}/rotate-secret`);
  await sendTest(id);
  await arrived(1);
  expect(String(receiver.received[0].headers['webhook-signature']).split(' ')).toHaveLength(2);
  verify(secret, receiver.received[0]);
  verify(rotated.secret, receiver.received[0]);
  const newest = await ask<{ secret: string }>('POST', `${BASE}/${id}/rotate-secret`, { overlap: '0s' });
  await sendTest(id);
  await arrived(2);
  verify(newest.secret, receiver.received[1]);
  expect(() => verify(rotated.secret, receiver.received[1])).toThrow();
});

test('When a receiver fails at first, then it is tried again as the same message, and every attempt is listed', async () => {
  const { id, secret } = await register();
  receiver.reply = (_to, count) => (count === 1 ? { status: 500 } : count === 2 ? 'hang' : { status: 200 });
  await sendTest(id);
  const delivery = await ended(id);
  expect(delivery).toMatchObject({
    status: 'succeeded',
    attempts: [
      { status: 'failed', response_code: 500, error: 'not_successful' },
      { status: 'failed', response_code: null, error: 'timeout' },
      { status: 'succeeded', response_code: 200, error: null },
    ],
  });
  expect(delivery.attempts[0].next_attempt_at).not.toBeNull();
  expect(delivery.attempts[1].latency_ms).toBeGreaterThanOrEqual(990);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  receiver.received.forEach((each) => verify(secret, each));
  expect(await ask('GET', `${BASE}/${id}`)).toMatchObject({ enabled: true, failing_since: null });
});

test('When a receiver never succeeds, then the delivery fails after its schedule, and a replay sends it again', async () => {
  const { id } = await register();
  receiver.reply = () => ({ status: 500 });
  await sendTest(id);
  const failed = await ended(id);
  expect(failed).toMatchObject({ status: 'failed', next_attempt_at: null });
  expect(failed.attempts).toHaveLength(4);
  expect(await ask('GET', `${BASE}/${id}`)).toMatchObject({
    enabled: true,
    failing_since: failed.attempts[0].at,
  });
  receiver.reply = () => ({ status: 200 });
  await ask('POST', `${BASE}/${id}/deliveries/${failed.id}/replay`);
  const replayed = await ended(id);
  expect(replayed).toMatchObject({ id: failed.id, status: 'succeeded' });
  expect(replayed.attempts).toHaveLength(5);
});

test('When a receiver redirects, then that is a failure and nobody else is called', async () => {
  const trap = await startReceiver();
  const { id } = await register();
  receiver.reply = () => ({ status: 302, headers: { location: `${trap.url}/inside` } });
  await sendTest(id);
  const { attempts } = await ended(id);
  expect(attempts[0]).toMatchObject({ response_code: 302, error: 'redirected' });
  expect(trap.received).toHaveLength(0);
  await trap.stop();
});

test('When a receiver says 410, then its endpoint is disabled with the reason, others are told, and it can be enabled', async () => {
  const { id } = await register('/gone');
  await register('/watching', { events: ['endpoint.disabled'] });
  receiver.reply = ({ path }) => ({ status: path === '/gone' ? 410 : 204 });
  await sendTest(id);
  await ended(id);
  expect(await ask('GET', `${BASE}/${id}`)).toMatchObject({ enabled: false, disabled: { reason: 'gone' } });
  await until('the other is told', () => receiver.received.some(({ path }) => path === '/watching'));
  expect(eventOf(receiver.received.at(-1) as Received)).toMatchObject({
    type: 'endpoint.disabled',
    data: { id, reason: 'gone' },
  });
  expect(await ask('POST', `${BASE}/${id}/test`)).toMatchObject({ status: 409, code: 'conflict' });
  receiver.reply = () => ({ status: 204 });
  expect(await ask('PATCH', `${BASE}/${id}`, { enabled: true })).toMatchObject({
    enabled: true,
    disabled: null,
  });
  await sendTest(id);
  expect(await ended(id)).toMatchObject({ status: 'succeeded' });
});

test('When an endpoint has failed for longer than the limit, then it is disabled and says why', async () => {
  const { id } = await register();
  receiver.reply = () => ({ status: 500 });
  await sendTest(id);
  await ended(id);
  const longAgo = {
    format: 1,
    tenant: 'default',
    endpoint_id: id,
    since: new Date(Date.now() - 6 * 86_400_000).toISOString(),
  };
  await system.store.put(`webhook-health/default/${id}/failing.json`, Buffer.from(JSON.stringify(longAgo)));
  await sendTest(id);
  const [delivery] = await until('it fails', async () => {
    const found = await deliveriesOf(id);
    return found.every(({ status }) => status === 'failed') && found.length === 2 && found;
  });
  expect(delivery.attempts).toHaveLength(1);
  expect(await ask('GET', `${BASE}/${id}`)).toMatchObject({
    enabled: false,
    disabled: { reason: 'failing' },
  });
});

test('When a receiver asks for patience, then it is given', async () => {
  const { id } = await register();
  receiver.reply = (_to, count) =>
    count === 1 ? { status: 429, headers: { 'retry-after': '2' } } : { status: 204 };
  await sendTest(id);
  const { attempts } = await ended(id);
  expect(Date.parse(attempts[1].at) - Date.parse(attempts[0].at)).toBeGreaterThanOrEqual(1_990);
});

test('When Redis is emptied, then what was to be delivered is delivered', async () => {
  const { id } = await register();
  receiver.reply = (_to, count) =>
    count === 1 ? { status: 503, headers: { 'retry-after': '2' } } : { status: 204 };
  await sendTest(id);
  await until('it failed once', async () => (await deliveriesOf(id))[0].attempts.length === 1);
  await system.redis.flushall();
  expect(await ended(id)).toMatchObject({ status: 'succeeded' });
  expect(receiver.received).toHaveLength(2);
});

test('When a submission names a webhook_url, then that is told, signed with the secret of the tenant', async () => {
  const form = new FormData();
  const { content, filename } = await recording('real-en-3s.wav');
  form.set('webhook_url', `${receiver.url}/single`);
  form.set('file', content, filename);
  const { id } = (await (
    await fetch(`${system.url}/v1/analyses`, { method: 'POST', body: form })
  ).json()) as { id: string };
  await arrived(1);
  const { secret, endpoint_id } = await ask<TenantSecret>('GET', '/v1/webhook-secret');
  verify(secret, receiver.received[0]);
  expect(eventOf(receiver.received[0])).toMatchObject({ type: 'analysis.succeeded', data: { id } });
  expect(await ended(endpoint_id)).toMatchObject({ analysis_id: id, url: `${receiver.url}/single` });
});

test.each([
  'http://169.254.169.254/',
  'http://[::1]/',
  'http://2130706433/',
  'http://localhost:1/',
  'https://10.0.0.1/',
])('When %s is given as an address, then it is refused', async (url) => {
  const refused = { status: 422, code: 'unprocessable' };
  expect(await ask('POST', BASE, { url })).toMatchObject(refused);
  expect(await ask('POST', '/v1/analyses', { url })).toMatchObject(refused);
});

describe('submission by url', () => {
  const submitUrl = (path: string, more: object = {}) =>
    ask<{ id: string; code?: string; status: unknown; detail?: string }>('POST', '/v1/analyses', {
      url: receiver.url + path,
      ...more,
    });

  test('When a recording lies at an address, then it is fetched, also behind a redirect, and analysed', async () => {
    const { content } = await recording('real-en-3s.wav');
    const body = Buffer.from(await content.arrayBuffer());
    receiver.reply = ({ path }) =>
      path === '/moved' ? { status: 301, headers: { location: '/a%20call.wav' } } : { status: 200, body };
    const accepted = await submitUrl('/moved', { custom_id: 'call-7' });
    expect(accepted).toMatchObject({ status: 'queued', filename: 'a call.wav' });
    expect(await system.store.read(`media/default/${accepted.id}`)).toEqual(body);
    expect((await system.client.wait(accepted.id, { timeoutSec: 60 })).status).toBe('succeeded');
  });

  test('When it is redirected to where nobody may call, answers no recording or hangs, then it is refused and nothing is kept', async () => {
    const trap = await startReceiver();
    const refused = { status: 422, code: 'fetch_failed' };
    receiver.reply = () => ({ status: 302, headers: { location: trap.url } });
    expect(await submitUrl('/a')).toMatchObject(refused);
    expect(trap.received).toHaveLength(0);
    await trap.stop();
    receiver.reply = () => ({ status: 302, headers: { location: '/again' } });
    expect(await submitUrl('/b')).toMatchObject(refused);
    receiver.reply = () => ({ status: 404 });
    expect(await submitUrl('/c')).toMatchObject({ ...refused, detail: 'The address answered 404' });
    receiver.reply = () => 'hang';
    expect(await submitUrl('/h')).toMatchObject({ ...refused, detail: 'There was no answer in time' });
    receiver.reply = () => ({ status: 200, body: '' });
    expect(await submitUrl('/d')).toMatchObject({ status: 400, code: 'empty_file' });
    receiver.reply = () => ({ status: 200, headers: { 'content-length': '999999999' }, body: 'x' });
    expect(await submitUrl('/e')).toMatchObject({ status: 413, code: 'file_too_large' });
  });
});
