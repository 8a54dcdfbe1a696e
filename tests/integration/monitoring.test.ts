import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MonitoringReport } from '@bonafide/contracts';
import { createRecords, dayOf } from '@bonafide/platform';
import {
  fixture,
  recording,
  startReceiver,
  startClassicSystem,
  temporaryFolder,
  until,
  type Receiver,
  type System,
} from '../system';

jest.setTimeout(240_000);

/** From so many recordings on a verdict is given here. */
const MIN_CLIPS = 30;
const SPOKEN = [
  ...['real-en.wav', 'fake-en.wav', 'real-it.flac', 'real-es.ogg', 'real-fr.m4a', 'fake-de.m4a'],
  ...['fake-ja.mp3', 'real-ru.mp3', 'partly-fake-en.flac'],
];
const ANOTHER_CLASS = { MONITORING_TENANT_CLASSES: 'acme=calls' };

let system: System;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  system = await startClassicSystem({
    store: 'folder',
    env: {
      MONITORING_EVERY_S: '1',
      MONITORING_MIN_CLIPS: String(MIN_CLIPS),
      WEBHOOK_ALLOW_HOSTS: `127.0.0.1:${receiver.port}`,
      WEBHOOK_RETRY_SCHEDULE_S: '0,0.1',
      ...ANOTHER_CLASS,
    },
  });
  await system.client.webhookEndpoints.create({ url: `${receiver.url}/drift`, events: ['model.drift'] });
});
afterAll(async () => {
  await system?.stop();
  await receiver?.stop();
});

async function report(query = ''): Promise<MonitoringReport | null> {
  const response = await fetch(`${system.url}/v1/monitoring${query}`);
  return response.ok ? ((await response.json()) as MonitoringReport) : null;
}

const groupOf = (found: MonitoringReport | null, format: string) =>
  found?.groups.find((group) => group.format === format && group.tenant_class === 'default');

async function analyse(paths: readonly string[]): Promise<void> {
  const submitted = await Promise.all(paths.map(async (path) => system.client.submit(await recording(path))));
  for (const { id } of submitted) await system.client.wait(id, { timeoutSec: 200 });
}

/** The recordings as a telephone would carry them, cut into pieces. */
async function overTheTelephone(): Promise<string[]> {
  const folder = await temporaryFolder();
  const ffmpeg = process.env.FFMPEG_PATH ?? 'ffmpeg';
  for (const name of SPOKEN) {
    const out = ['-f', 'segment', '-segment_time', '2.5', join(folder, `${name}-%02d.wav`)];
    const telephone = ['-ar', '8000', '-ac', '1', '-c:a', 'pcm_mulaw'];
    await promisify(execFile)(ffmpeg, ['-v', 'error', '-i', fixture(name), ...telephone, ...out]);
  }
  return readdirSync(folder).map((name) => join(folder, name));
}

async function metric(line: RegExp): Promise<number> {
  const text = await (await fetch(`${system.url}/metrics`)).text();
  return Number(line.exec(text)?.[1] ?? NaN);
}

const told = () =>
  receiver.received.map(
    ({ body }) => JSON.parse(body) as { type: string; data: { format: string; kind: string } },
  );

test('When ordinary recordings come in small numbers, then they are counted and nothing is said of them', async () => {
  await analyse(SPOKEN);
  const found = await until('they are counted', async () => {
    const latest = await report();
    return groupOf(latest, 'all')?.clips === SPOKEN.length && latest;
  });
  expect(groupOf(found, 'pcm')?.clips).toBe(2);
  expect(groupOf(found, 'all')?.comparisons).toEqual([]);
  expect(found.findings).toEqual([]);
  expect(found.min_clips).toBe(MIN_CLIPS);
});

test('When all of it turns to telephone speech, then it is shown, measured and told, each finding once', async () => {
  await analyse(await overTheTelephone());
  const found = await until('it is found', async () => {
    const latest = await report();
    return (
      latest?.findings.some(({ format, kind }) => format === 'telephone' && kind === 'features') && latest
    );
  });
  const group = groupOf(found, 'telephone');
  expect(group?.clips).toBeGreaterThanOrEqual(MIN_CLIPS);
  const bandwidth = group?.comparisons[0].quantities.find(({ name }) => name === 'bandwidth_hz');
  expect(bandwidth).toMatchObject({ has_moved: true });
  expect(bandwidth?.ks).toBeGreaterThan(0.9);
  expect(group?.comparisons[0].features_moved).toBeGreaterThan(0.25);
  await until('the metrics tell it', async () => {
    const moved = /^bonafide_drift_features_moved_ratio\{format="telephone".*against="training"\} (\S+)$/m;
    return (await metric(moved)) > 0.25;
  });
  expect(
    await metric(/^bonafide_drift_feature_psi\{feature="bandwidth_hz",against="training"\} (\S+)$/m),
  ).toBeGreaterThan(0.25);
  await until('somebody is told', () =>
    told().some(({ data }) => data.format === 'telephone' && data.kind === 'features'),
  );
  const before = (await report())?.created_at ?? '';
  await until('it was looked at twice more', async () => {
    const { created_at } = (await report()) ?? { created_at: '' };
    return Date.parse(created_at) - Date.parse(before) > 2_000;
  });
  const said = told().map(({ data }) =>
    JSON.stringify([data.format, data.kind, (data as { tenant_class?: string }).tenant_class]),
  );
  expect(new Set(said).size).toBe(said.length);
  expect(told().every(({ type }) => type === 'model.drift')).toBe(true);
});

test('When Redis loses what was counted, then the day is still known', async () => {
  const clips = groupOf(await report(), 'all')?.clips;
  await Promise.all(system.workers.map((worker) => worker.end()));
  await system.redis.flushall();
  await system.startWorker();
  const since = Date.now();
  const found = await until('it is looked at again', async () => {
    const latest = await report();
    return latest && Date.parse(latest.created_at) > since && latest;
  });
  expect(groupOf(found, 'all')?.clips).toBe(clips);
});

test('When feedback says who was right, then accuracy and its interval are told', async () => {
  const { items } = await system.client.list({ limit: 6, status: 'succeeded' });
  for (const { id } of items) await system.client.giveFeedback(id, { label: 'real' });
  const found = await until('it counts', async () => {
    const latest = await report();
    return latest?.feedback.labels.real === items.length && latest;
  });
  const cloned = items.filter(({ verdict }) => verdict === 'CLONED').length;
  expect(found.feedback.fpr).toMatchObject({ value: cloned / items.length, of: items.length });
  expect(found.feedback.fnr).toBeNull();
  const [low, high] = found.feedback.accuracy?.interval ?? [1, 0];
  expect(high - low).toBeGreaterThan(0.3);
  await until('the metrics tell it', async () =>
    Number.isFinite(await metric(/^bonafide_drift_feedback_ratio\{measure="fpr",edge="high"\} (\S+)$/m)),
  );
});

test('When a day is asked for, then its report is given, and of another day there is none', async () => {
  expect((await report(`?day=${dayOf(Date.now())}`))?.day).toBe(dayOf(Date.now()));
  expect((await fetch(`${system.url}/v1/monitoring?day=2020-01-01`)).status).toBe(404);
  expect((await fetch(`${system.url}/v1/monitoring?day=today`)).status).toBe(400);
  const { monitoring } = createRecords(system.store);
  expect(await monitoring.reports.get({ day: dayOf(Date.now()) })).not.toBeNull();
});
