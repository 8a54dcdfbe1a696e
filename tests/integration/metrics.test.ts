import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createKey, createRecords } from '@bonafide/platform';
import { parse } from 'yaml';
import { recording, ROOT, startClassicSystem, until, type System } from '../system';

const TOKEN = 'a-token-for-the-scraper';
let system: System;
let text: string;

beforeAll(async () => {
  system = await startClassicSystem({ store: 'folder', env: { METRICS_TOKEN: TOKEN, BULL_BOARD: '1' } });
  const good = await system.client.submit(await recording('real-en-3s.wav'));
  await system.client.wait(good.id, { timeoutSec: 60 });
  const bad = await system.client.submit({ content: new Blob(['no sound']), filename: 'x' });
  await system.client.wait(bad.id, { timeoutSec: 60 });
  await fetch(`${system.url}/v1/nothing`, { method: 'PUT' });
  // A job is counted after the outcome that ends the wait for it.
  await until('the worker has told what it counted', async () => {
    text = await scrape();
    return sample('bonafide_jobs_total', { job: 'analysis.run' }) >= 2;
  });
});
afterAll(() => system?.stop());

async function scrape(): Promise<string> {
  return (await fetch(`${system.url}/metrics`)).text();
}

/** The one sample of a name whose labels include these. */
function sample(name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const lines = text.split('\n').filter((line) => line.startsWith(name + '{') || line.startsWith(name + ' '));
  const matching = lines.filter((line) => wanted.every((each) => line.includes(each)));
  return matching.reduce(
    (sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))),
    matching.length > 0 ? 0 : NaN,
  );
}

test('When work is done, then it is told by outcome, stage, queue and worker', () => {
  expect(sample('bonafide_analyses_total', { status: 'succeeded' })).toBe(1);
  expect(sample('bonafide_analyses_total', { status: 'failed' })).toBe(1);
  expect(sample('bonafide_analysis_failures_total', { code: 'not_audio' })).toBe(1);
  expect(sample('bonafide_audio_seconds_total')).toBeCloseTo(3, 1);
  for (const stage of ['queue', 'fetch', 'analyse', 'total'])
    expect(sample('bonafide_analysis_stage_seconds_count', { stage })).toBeGreaterThan(0);
  expect(sample('bonafide_jobs_total', { job: 'analysis.run', outcome: 'completed' })).toBe(2);
  expect(sample('bonafide_queue_depth', { queue: 'analyses' })).toBe(0);
  expect(sample('bonafide_workers')).toBe(1);
  expect(sample('bonafide_model_info')).toBe(1);
  expect(text).toMatch(/^bonafide_model_info\{model_version="[^"]+"/m);
  expect(sample('bonafide_dependency_up')).toBe(2);
  expect(sample('bonafide_event_loop_lag_seconds', { process: 'worker' })).toBeGreaterThanOrEqual(0);
  expect(sample('bonafide_http_requests_total', { route: '/v1/analyses', status: '202' })).toBe(2);
  expect(sample('bonafide_http_requests_total', { route: 'none', status: '404' })).toBe(1);
});

test('When every line is read, then it has the form that Prometheus reads', () => {
  const lines = text.split('\n').filter((line) => line !== '');
  const form =
    /^(# (HELP|TYPE) [a-z_0-9]+ .+|[a-z_0-9]+(\{([a-z_]+="([^"\\]|\\.)*",?)*\})? (NaN|[+-]?Inf|[-+0-9.e]+))$/;
  expect(lines.filter((line) => !form.test(line))).toEqual([]);
  const names = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !name.startsWith('bonafide_'))).toEqual([]);
});

test('When jobs wait, then depth and age tell of it, whatever state they wait in', async () => {
  await Promise.all(system.workers.map((worker) => worker.end()));
  await system.client.submit(await recording('real-en-3s.wav'));
  await system.client.submit(await recording('real-en-3s.wav'));
  const before = Date.now();
  text = await scrape();
  expect(sample('bonafide_queue_depth', { queue: 'analyses' })).toBe(2);
  expect(sample('bonafide_queue_jobs', { queue: 'analyses', state: 'waiting' })).toBe(2);
  await until('a second has passed', () => Date.now() - before > 1000);
  text = await scrape();
  expect(sample('bonafide_queue_oldest_job_age_seconds', { queue: 'analyses' })).toBeGreaterThan(0.9);
  expect(sample('bonafide_workers')).toBe(0);
});

type Rules = { groups: { rules: { alert: string; expr: string }[] }[] };
type Board = { panels: { title: string; targets?: { expr: string }[] }[] };

const alerts = () =>
  (parse(readFileSync(path.join(ROOT, 'deploy/prometheus/alerts.yml'), 'utf8')) as Rules).groups.flatMap(
    ({ rules }) => rules,
  );
const boardQueries = () =>
  (JSON.parse(readFileSync(path.join(ROOT, 'deploy/grafana/bonafide.json'), 'utf8')) as Board).panels.flatMap(
    ({ title, targets }) => (targets ?? []).map(({ expr }) => [title, expr] as const),
  );

/** Every metric a PromQL expression reads; throws where it does not parse. */
async function metricsOf(expr: string): Promise<string[]> {
  const { parser } = await import('@prometheus-io/lezer-promql');
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`not PromQL: ${expr}`);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector')
        names.push(expr.slice(node.from, node.to));
    },
  });
  return names;
}

test('When alerts and the dashboard ask for metrics, then these exist', async () => {
  const known = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, kind]) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
  const asked = [...alerts().map(({ alert, expr }) => [alert, expr] as const), ...boardQueries()];
  expect(asked.length).toBeGreaterThan(35);
  const unknown: string[] = [];
  for (const [where, expr] of asked) {
    const names = await metricsOf(expr);
    expect(names.length).toBeGreaterThan(0);
    unknown.push(
      ...names.filter((name) => name !== 'up' && !known.has(name)).map((name) => `${where}: ${name}`),
    );
  }
  expect(unknown).toEqual([]);
});

test('When an alert fires, then the operator finds what to do', () => {
  const book = readFileSync(path.join(ROOT, 'docs/operations.md'), 'utf8');
  expect(alerts().filter(({ alert }) => !book.includes(`### ${alert}\n`))).toEqual([]);
});

describe('once there are keys', () => {
  let admin: string;
  let reader: string;
  const statusOf = async (route: string, headers: Record<string, string>, init: RequestInit = {}) =>
    (await fetch(`${system.url}${route}`, { ...init, headers })).status;
  /** A proxy on this machine, speaking for somebody else. */
  const outside = { 'x-forwarded-for': '203.0.113.7' };

  beforeAll(async () => {
    const records = createRecords(system.store);
    admin = (await createKey(records, { name: 'operator', tenant: 'default', scopes: ['admin'] })).key;
    reader = (await createKey(records, { name: 'someone', tenant: 'default', scopes: ['read', 'submit'] }))
      .key;
    await until('keys are asked for', async () => (await statusOf('/v1/analyses/x', {})) === 401);
  });

  test('When metrics are asked for, then this machine, the token and operators are answered, nobody else', async () => {
    expect(await statusOf('/metrics', {})).toBe(200);
    expect(await statusOf('/metrics', { ...outside, authorization: `Bearer ${TOKEN}` })).toBe(200);
    expect(await statusOf('/metrics', { ...outside, authorization: `Bearer ${admin}` })).toBe(200);
    expect(await statusOf('/metrics', outside)).toBe(401);
    expect(await statusOf('/metrics', { ...outside, authorization: `Bearer ${reader}` })).toBe(401);
    expect(await statusOf('/metrics', { ...outside, authorization: `Bearer ${TOKEN}x` })).toBe(401);
  });

  test('When the queue board is asked for, then only an operator sees it, and may act', async () => {
    const basic = (key: string) => ({
      authorization: `Basic ${Buffer.from(`me:${key}`).toString('base64')}`,
    });
    expect(await statusOf('/admin/queues', {})).toBe(401);
    expect(await statusOf('/admin/queues', basic(reader))).toBe(401);
    expect(await statusOf('/admin/queues', basic(admin))).toBe(200);
    const answer = await fetch(
      `${system.url}/admin/queues/api/queues?activeQueue=analyses&page=1&jobsPerPage=10`,
      {
        headers: basic(admin),
      },
    );
    const { queues } = (await answer.json()) as { queues: { name: string }[] };
    expect(queues.map(({ name }) => name)).toEqual(expect.arrayContaining(['analyses', 'bulk', 'webhooks']));
    expect(await statusOf('/admin/queues/api/queues/analyses/pause', basic(reader), { method: 'PUT' })).toBe(
      401,
    );
  });

  test('When it is not asked for in the configuration, then there is no queue board', async () => {
    const other = await system.startApi({ BULL_BOARD: '0' });
    const { status } = await fetch(`${other}/admin/queues`, { method: 'PUT' });
    expect(status).toBe(404);
  });
});

test('When Redis is away, then the metrics say so at once', async () => {
  await system.redisServer.process.end('SIGKILL');
  await until('it is told', async () => {
    text = await scrape();
    return sample('bonafide_dependency_up', { dependency: 'redis' }) === 0;
  });
  expect(text).toMatch(/^bonafide_http_requests_total/m);
  await system.redisServer.restart();
});
