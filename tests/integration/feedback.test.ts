import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ProblemError } from '@bonafide/client';
import type { Feedback } from '@bonafide/contracts';
import { createKey, createRecords } from '@bonafide/platform';
import { recording, ROOT, startClassicSystem, temporaryFolder, until, type System } from '../system';
import { PYTHON } from './webhook-desk';

jest.setTimeout(120_000);

let system: System;
let analysisId: string;

beforeAll(async () => {
  system = await startClassicSystem({
    store: 's3',
    env: { SWEEP_EVERY_S: '1', RETENTION_EVERY_S: '1', FEEDBACK_RETENTION: '90d' },
  });
  analysisId = await analysed('real-en-3s.wav');
});
afterAll(() => system?.stop());

async function analysed(name: string, retention?: string): Promise<string> {
  const { id } = await system.client.submit(await recording(name), { retention });
  const { status } = await system.client.wait(id, { timeoutSec: 60 });
  expect(status).toBe('succeeded');
  return id;
}

async function keptCopies(of: string): Promise<string[]> {
  const keys = [];
  for await (const { key } of system.store.list(`feedback-media/default/${of}/`)) keys.push(key);
  return keys;
}

const daysUntil = (moment: string | null) => (Date.parse(moment ?? '') - Date.now()) / 86_400_000;
const refused = (call: Promise<unknown>) =>
  call.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)),
  );

test('When somebody says what a recording is, then it stands beside what the service said', async () => {
  const note = 'He called back from a number that we know.';
  const said = await system.client.giveFeedback(analysisId, { label: 'real', source: 'call-back', note });
  const { result } = await system.client.get(analysisId);
  expect(said).toMatchObject({ label: 'real', source: 'call-back', note, consent: false, created_by: null });
  expect(said.told).toMatchObject({ p_fake: result?.p_fake, model_version: result?.model_version });
  expect(said.kept_until).toBeNull();
  expect(await keptCopies(analysisId)).toEqual([]);
  expect((await system.client.listFeedback(analysisId)).items).toEqual([said]);
});

test('When the submitter consents, then the recording is kept in a place of its own until it is taken back', async () => {
  const said = await system.client.giveFeedback(analysisId, { label: 'real', consent: true });
  expect(daysUntil(said.kept_until)).toBeCloseTo(90, 0);
  const [copy] = await keptCopies(analysisId);
  expect((await system.store.head(copy))?.bytes).toBe(
    readFileSync(join(ROOT, 'tests/fixtures/real-en-3s.wav')).length,
  );
  const taken = await system.client.revokeFeedback(analysisId, said.id);
  expect(taken).toMatchObject({ id: said.id, label: 'real', kept_until: null, revoked_by: null });
  expect(taken.revoked_at).not.toBeNull();
  expect(await keptCopies(analysisId)).toEqual([]);
  expect(await system.client.revokeFeedback(analysisId, said.id)).toEqual(taken);
  expect((await system.client.listFeedback(analysisId)).items).toContainEqual(taken);
});

test('When retention removes the recording of an analysis, then the copy kept by consent stays', async () => {
  const id = await analysed('fake-ja.mp3', '2s');
  await system.client.giveFeedback(id, { label: 'fake', generator: 'a new one', consent: true });
  await until(
    'the recording is gone',
    async () => (await system.store.head(`media/default/${id}`)) === null,
    90,
  );
  expect(await keptCopies(id)).toHaveLength(1);
  const late = await system.client.giveFeedback(id, { label: 'fake', consent: true });
  expect(late.kept_until).toBeNull();
});

test('When an analysis is deleted, then what was said and kept about it goes with it', async () => {
  const id = await analysed('real-ru.mp3');
  const said = await system.client.giveFeedback(id, { label: 'real', consent: true });
  await system.client.revokeFeedback(id, said.id);
  await system.client.giveFeedback(id, { label: 'real', consent: true });
  expect((await system.client.remove(id)).removed).toMatchObject({ media: 2 });
  for (const prefix of ['feedback/', 'feedback-media/', 'feedback-revocations/']) {
    const left = [];
    for await (const { key } of system.store.list(`${prefix}default/${id}/`)) left.push(key);
    expect(left).toEqual([]);
  }
  expect(await refused(system.client.listFeedback(id))).toBe('not_found');
});

test('When a copy is overdue, then the sweep removes it', async () => {
  const id = await analysed('real-it.flac');
  const { id: feedback_id } = await system.client.giveFeedback(id, { label: 'real', consent: true });
  const { feedback } = createRecords(system.store);
  const record = await feedback.given.get({ tenant: 'default', analysis_id: id, feedback_id });
  if (!record) throw new Error('no record');
  await feedback.given.put({ ...record, kept_until: new Date(0).toISOString() });
  await until('the copy is gone', async () => (await keptCopies(id)).length === 0);
});

test('When there is nothing to speak of, then feedback is refused', async () => {
  const failed = await system.client.submit({ content: new Blob(['no sound']), filename: 'x' });
  await system.client.wait(failed.id, { timeoutSec: 60 });
  expect(await refused(system.client.giveFeedback(failed.id, { label: 'real' }))).toBe('conflict');
  const wrong = { label: 'perhaps' } as unknown as { label: 'real' };
  expect(await refused(system.client.giveFeedback(analysisId, wrong))).toBe('invalid_request');
});

test('When kept recordings are exported, then those in force come with their labels, and no others', async () => {
  const out = await temporaryFolder();
  const taken = await system.client.giveFeedback(analysisId, { label: 'fake', consent: true });
  await system.client.revokeFeedback(analysisId, taken.id);
  const meant = await system.client.giveFeedback(analysisId, { label: 'real', consent: true });
  const disputed = await analysed('real-es.ogg');
  await system.client.giveFeedback(disputed, { label: 'real', consent: true });
  await system.client.giveFeedback(disputed, { label: 'fake', consent: true });
  const command = ['run', '--silent', 'feedback', '--', 'export', '--out', out];
  const exported = () => promisify(execFile)('npm', command, { cwd: ROOT, env: system.env });
  const listed = () => {
    const lines = readFileSync(join(out, 'manifest.jsonl'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as { path: string; label: string; generator: string });
  };
  const { stdout } = await exported();
  const rows = listed();
  expect(stdout).toMatch(/^2 recordings .*; 1 left out as contradicted\n$/);
  expect(rows.map(({ label, generator }) => [label, generator]).sort()).toEqual([
    ['fake', 'a new one'],
    ['real', undefined],
  ]);
  const real = rows.find(({ label }) => label === 'real');
  expect(readFileSync(join(out, real?.path ?? ''))).toEqual(
    readFileSync(join(ROOT, 'tests/fixtures/real-en-3s.wav')),
  );
  // What is taken back after an export goes from there with the next one; what somebody else put there stays.
  writeFileSync(join(out, 'notes.txt'), 'not of the export');
  await system.client.revokeFeedback(analysisId, meant.id);
  await exported();
  expect(listed().map(({ label }) => label)).toEqual(['fake']);
  expect(readdirSync(out).sort()).toEqual([listed()[0].path, 'manifest.jsonl', 'notes.txt'].sort());
  await system.client.giveFeedback(analysisId, { label: 'real', consent: true });
});

test('When a recording is taken back that was trained with, then what trainings made of it goes too', async () => {
  const cache = await temporaryFolder();
  const run = promisify(execFile);
  const forget = () =>
    run(PYTHON, ['-m', 'bonafide_training.feedback', '--cache', cache], {
      cwd: ROOT,
      env: { ...system.env, PYTHONPATH: join(ROOT, 'training') },
    });
  const id = await analysed('fake-en.ogg');
  const said = await system.client.giveFeedback(id, { label: 'fake', consent: true });
  await forget();
  const digest = createHash('sha256').update(readFileSync(join(ROOT, 'tests/fixtures/fake-en.ogg')));
  const clip = `added:${digest.digest('hex').slice(0, 24)}`;
  for (const [name, source] of [
    ['with-it', 'feedback:default'],
    ['of-a-folder', 'studio'],
  ]) {
    mkdirSync(join(cache, 'runs', name, 'channel'), { recursive: true });
    writeFileSync(join(cache, 'runs', name, 'channel/copy.flac'), 'a degraded copy');
    writeFileSync(join(cache, 'runs', name, 'added.jsonl'), `${JSON.stringify({ clip, source })}\n`);
  }
  await forget();
  expect(readdirSync(join(cache, 'runs/with-it'))).toEqual(['added.jsonl', 'channel']);
  await system.client.revokeFeedback(id, said.id);
  expect((await forget()).stdout).toContain('with-it');
  expect(readdirSync(join(cache, 'runs/with-it'))).toEqual([]);
  expect(readdirSync(join(cache, 'runs/of-a-folder'))).toEqual(['added.jsonl', 'channel']);
});

test('When keys are in force, then the trail names the key that spoke and the one that took it back', async () => {
  const records = createRecords(system.store);
  const key = await createKey(records, { name: 'clerk', tenant: 'default', scopes: ['submit', 'read'] });
  const reader = await createKey(records, { name: 'reader', tenant: 'default', scopes: ['read'] });
  await until('keys are asked for', async () => (await fetch(`${system.url}/v1/analyses`)).status === 401);
  const ask = async (text: string, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    const url = `${system.url}/v1/analyses/${analysisId}/feedback${path}`;
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    return { status: response.status, feedback: (await response.json()) as Feedback };
  };
  const { feedback } = await ask(key.key, 'POST', '', { label: 'unsure' });
  expect((await ask(reader.key, 'DELETE', `/${feedback.id}`)).status).toBe(403);
  expect((await ask(reader.key, 'POST', '', { label: 'real' })).status).toBe(403);
  const taken = await ask(key.key, 'DELETE', `/${feedback.id}`);
  expect(taken.feedback).toMatchObject({ created_by: key.id, revoked_by: key.id });
  expect((await ask(reader.key, 'GET', `/${feedback.id}`)).feedback).toEqual(taken.feedback);
});
