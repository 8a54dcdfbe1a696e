import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKey, createRecords } from '@bonafide/platform';
import { recording, startClassicSystem, until, type System } from '../system';

const TOKEN = 'a-token-for-the-scraper';
let system: System;
let collector: Server;
let receiver: Server;
const spans: { name: string; traceId: string; service: string }[] = [];
let deliveries = 0;

type Attribute = { key: string; value: { stringValue?: string } };
type Traces = {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: { name: string; traceId: string }[] }[];
  }[];
};

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      for (const { resource, scopeSpans } of (JSON.parse(body) as Traces).resourceSpans) {
        const service =
          resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
        for (const { name, traceId } of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({ name, traceId, service });
      }
      response.end('{}');
    });
  });
  receiver = createServer((request, response) => {
    deliveries++;
    request.resume().on('end', () => response.end());
  });
  const OTEL_EXPORTER_OTLP_ENDPOINT = await listening(collector);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_BSP_SCHEDULE_DELAY: '100', METRICS_TOKEN: TOKEN };
  system = await startClassicSystem({
    store: 's3',
    env: { ...env, LOG_LEVEL: 'trace', WEBHOOK_ALLOW_HOSTS: '127.0.0.0/8', RATE_SUBMISSIONS_PER_MIN: '0' },
  });
});
afterAll(async () => {
  await system?.stop();
  for (const server of [collector, receiver]) server.closeAllConnections();
  collector.close();
  receiver.close();
});

type Line = Record<string, unknown> & { name: string; msg?: string };
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
const everything = (): string => [system.api, ...system.workers].map((child) => child.output()).join('\n');

async function submit(headers: Record<string, string>): Promise<string> {
  const form = new FormData();
  const { content, filename } = await recording('real-en-3s.wav');
  form.set('file', content, filename);
  const response = await fetch(`${system.url}/v1/analyses`, { method: 'POST', body: form, headers });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

test('When an analysis goes from the request to its webhook, then one id leads through all of it', async () => {
  const url = `${await listening(receiver)}/hook`;
  const endpoint = await fetch(`${system.url}/v1/webhook-endpoints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url, events: ['analysis.succeeded'] }),
  });
  expect(endpoint.status).toBe(201);
  const requestId = 'follow-me-through';
  const id = await submit({ 'x-request-id': requestId });
  await until('the webhook came', () => deliveries > 0);
  await until('the end is told', () => everything().includes('analysis ended'));
  const mine = linesOf(everything()).filter((line) => line.request_id === requestId);
  expect(new Set(mine.map(({ name }) => name))).toEqual(new Set(['api', 'worker']));
  expect(mine.filter((line) => line.analysis_id === id).map((line) => line.msg ?? 'request')).toEqual(
    expect.arrayContaining(['analysis taken in', 'request', 'analysis ended']),
  );
});

test('When a collector is named, then one trace runs from the request over the queue to the worker', async () => {
  const crossing = () =>
    [...new Set(spans.map(({ traceId }) => traceId))].filter((trace) => {
      const services = spans.filter(({ traceId }) => traceId === trace).map(({ service }) => service);
      return services.includes('bonafide-api') && services.includes('bonafide-worker');
    });
  await until('a trace crosses the queue', () => crossing().length > 0);
  const [trace] = crossing();
  const names = spans.filter(({ traceId }) => traceId === trace).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['POST /v1/analyses']));
});

test('When keys, secrets and tokens are used rightly and wrongly, then none of them is in any log', async () => {
  const key = (
    await createKey(createRecords(system.store), { name: 'n', tenant: 'default', scopes: ['admin'] })
  ).key;
  await until('keys are asked for', async () => (await fetch(`${system.url}/v1/analyses`)).status === 401);
  const secrets = [key, key.split('_')[2], TOKEN, 'test-secret'];
  const bearer = { authorization: `Bearer ${key}` };
  const json = { ...bearer, 'content-type': 'application/json' };
  await submit(bearer);
  await submit({ 'x-api-key': key });
  const created = await fetch(`${system.url}/v1/webhook-endpoints`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      url: 'http://user:pass-in-address@127.0.0.1:9/x',
      events: ['analysis.succeeded'],
    }),
  });
  const { secret } = (await created.json()) as { secret?: string };
  if (secret) secrets.push(secret, secret.replace('whsec_', ''));
  const made = await fetch(`${system.url}/v1/keys`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ name: 'second' }),
  });
  secrets.push(((await made.json()) as { key: string }).key);
  const session = await fetch(`${system.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  const cookie = /bonafide_session=([^;]+)/.exec(session.headers.get('set-cookie') ?? '')?.[1];
  if (cookie) secrets.push(cookie);
  await fetch(`${system.url}/v1/analyses`, { headers: { cookie: `bonafide_session=${cookie ?? 'x'}` } });
  await fetch(`${system.url}/v1/analyses`, { method: 'POST', headers: json, body: `{"broken": "${key}"` });
  await fetch(`${system.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  await fetch(`${system.url}/v1/analyses/${key}`, { headers: bearer });
  await fetch(`${system.url}/v1/nothing?token=${key}`, { headers: bearer });
  await fetch(`${system.url}/v1/nothing/${key}`, {
    headers: { authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` },
  });
  secrets.push(Buffer.from(`x:${key}`).toString('base64'), 'pass-in-address');
  await system.redisServer.process.end('SIGKILL');
  await fetch(`${system.url}/v1/analyses`, { method: 'POST', headers: json, body: '{}' });
  await until('the loss is told', () => everything().includes('redis connection lost'));
  const text = everything();
  expect(secrets.filter((each) => text.includes(each))).toEqual([]);
  expect(text).not.toMatch(/whsec_[A-Za-z0-9+/=]{8}|bf_[a-z2-7]{8}_[a-z2-7]{8}/);
  expect(linesOf(text).length).toBeGreaterThan(20);
});
