import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type {
  Analysis,
  Comparison,
  ModelsView,
  Problem,
  ServingView,
  SubmissionOptions,
} from '@bonafide/contracts';
import { changeServing, createRecords, createShelf } from '@bonafide/platform';
import {
  BROKEN,
  contraryBundles,
  FIRST,
  fixture,
  programOf,
  ROOT,
  SECOND,
  startSystem,
  temporaryFolder,
  until,
  type System,
} from '../system';

/** On a machine that does much else beside. */
jest.setTimeout(240_000);

const sound = readFileSync(fixture('real-en-3s.wav'));

let system: System;
let models: string;
let recordings = 0;
/** Of version 1. */
let score: number;

beforeAll(async () => {
  models = await contraryBundles();
  system = await startSystem({ store: 'folder', workers: 2, env: { MODELS_DIR: models } });
});
afterAll(() => system?.stop());

async function ask<T>(path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const json = { 'content-type': 'application/json' };
  const post = { method: 'POST', headers: json, body: JSON.stringify(body) };
  const response = await fetch(`${system.url}/v1${path}`, body === undefined ? {} : post);
  return { status: response.status, body: (await response.json()) as T };
}

/** Other bytes behind the same sound: nothing is known from before. */
async function submit(options: SubmissionOptions = {}): Promise<Analysis> {
  const content = new Blob([new Uint8Array(sound), `note ${recordings++}`]);
  return system.client.submit({ content, filename: 'call.wav' }, options);
}

const ended = ({ id }: { id: string }) => system.client.wait(id, { timeoutSec: 120 });
const analysed = async (options?: SubmissionOptions) => ended(await submit(options));
const versionOf = ({ result }: Analysis) => result?.model_version;
const answeredBy = (version: string) =>
  until(`${version} answers`, async () => versionOf(await analysed()) === version, 60);

async function command(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  const run = promisify(execFile)(process.execPath, [...programOf('cli', 'models'), ...args, '--json'], {
    cwd: ROOT,
    env: system.env,
  });
  return run.then(
    (done) => ({ exit: 0, ...done }),
    (error: { code: number; stdout: string; stderr: string }) => ({ ...error, exit: error.code }),
  );
}

/** What an operator's hand can write without being asked anything. */
const sources = () => ({ records: createRecords(system.store), shelf: createShelf(models, system.store) });

/** Each version has one score for this sound: a result whose score is of the other, or of neither, was mixed. */
function isWhole({ status, result }: Analysis): boolean {
  const expected = result?.model_version === SECOND ? 1 - score : score;
  return status === 'succeeded' && Math.abs((result?.p_fake ?? 2) - expected) < 1e-4;
}

test('When another bundle is activated under load, then no result fails or is mixed, and each names its bundle', async () => {
  const before = await ask<ModelsView>('/models');
  expect(before.body.serving).toMatchObject({ revision: 0, active: FIRST, previous: [], shadow: null });
  expect(before.body.bundles.map(({ version, role }) => [version, role])).toEqual([
    [FIRST, 'active'],
    [SECOND, null],
    [BROKEN, null],
  ]);
  score = (await analysed()).result?.p_fake ?? 2;
  const submitted = await Promise.all(Array.from({ length: 12 }, () => submit()));
  const late: Promise<Analysis>[] = [];
  const activation = ask<ServingView>(`/models/${SECOND}/activate`, {});
  while (late.length < 6 || versionOf(await late[late.length - 1]) !== SECOND) late.push(analysed());
  expect((await activation).body).toMatchObject({ revision: 1, active: SECOND, previous: [FIRST] });
  const all = [...(await Promise.all(submitted.map(ended))), ...(await Promise.all(late))];
  expect(all.filter((analysis) => !isWhole(analysis))).toEqual([]);
  expect(new Set(all.map(versionOf))).toEqual(new Set([FIRST, SECOND]));
  expect((await ask<{ version: string }>('/models/current')).body.version).toBe(SECOND);
  const ready = (await (await fetch(`${system.url}/readyz`)).json()) as { active_model_version: string };
  expect(ready.active_model_version).toBe(SECOND);
});

test('When Redis has lost everything, then the same bundle goes on and a change is still taken up', async () => {
  await until('each worker serves it', async () => {
    const { workers } = (await ask<ModelsView>('/models')).body;
    return workers.length === 2 && workers.every(({ model_version }) => model_version === SECOND);
  });
  await system.redis.flushall();
  expect(versionOf(await analysed())).toBe(SECOND);
});

test('When the operator rolls back, then the bundle before answers within seconds, though its disk has gone bad', async () => {
  // Another change in between does not take it out of their memory.
  const { ref: bundle } = await sources().shelf.find(BROKEN);
  await changeServing(sources(), { action: 'shadow', bundle }, 'a mistake');
  const refusals = async () => (await ask<ModelsView>('/models')).body.workers.map(({ refused }) => refused);
  await until('both refuse it', async () => !(await refusals()).includes(null));
  await ask('/models/shadow', { version: null });
  await until('both go on', async () => (await refusals()).every((refused) => refused === null));
  const disk = join(models, `bundle-${FIRST}`, 'svm.onnx');
  const good = await readFile(disk);
  await writeFile(disk, 'rot');
  const { stdout } = await command('rollback');
  const beganMs = performance.now();
  expect(JSON.parse(stdout)).toMatchObject({ active: FIRST, previous: [] });
  await answeredBy(FIRST);
  expect(performance.now() - beganMs).toBeLessThan(20_000);
  await writeFile(disk, good);
  const again = await ask<Problem>('/models/rollback', {});
  expect([again.status, again.body.code]).toEqual([409, 'conflict']);
});

test('When a bundle is corrupt, then it is refused everywhere and the one before goes on', async () => {
  const asked = await ask<Problem>(`/models/${BROKEN}/activate`, {});
  expect([asked.status, asked.body.code]).toEqual([422, 'bundle_refused']);
  expect(asked.body.detail).toMatch(/xgboost\.onnx: sha256 is/);
  expect((await ask<Problem>('/models/shadow', { version: BROKEN })).status).toBe(422);
  expect(await command('activate', BROKEN)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('sha256') as string,
  });
  expect((await ask<Problem>('/models/9.9.9/activate', {})).status).toBe(404);
  // Somebody writes it into the record all the same, as when a disk goes bad behind the check.
  const { ref: bundle } = await sources().shelf.find(BROKEN);
  await changeServing(sources(), { action: 'activate', bundle }, 'a mistake');
  await until('the workers refuse it', async () => {
    const { workers } = (await ask<ModelsView>('/models')).body;
    return workers.every(
      ({ refused, model_version }) => model_version === FIRST && refused?.includes('sha256'),
    );
  });
  expect(versionOf(await analysed())).toBe(FIRST);
  await ask('/models/rollback', {});
  expect(isWhole(await analysed())).toBe(true);
});

test('When a bundle is a shadow, then it changes no answer, and its differences are told', async () => {
  // From the store this time, as on machines that share no folder.
  const folder = join(await temporaryFolder(), 'stored');
  await cp(join(models, `bundle-${SECOND}`), folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(`"${SECOND}"`, '"2.1.0"'));
  expect(await command('add', folder)).toMatchObject({ exit: 0 });
  expect((await ask<ServingView>('/models/shadow', { version: '2.1.0' })).body.shadow).toBe('2.1.0');
  const live = await until(
    'the shadow has scored',
    async () => {
      expect(versionOf(await analysed())).toBe(FIRST);
      const { body } = await ask<Comparison>('/models/compare');
      return (body.live?.scored ?? 0) >= 2 && body.live;
    },
    60,
  );
  expect(live.mean_difference).toBeCloseTo(Math.abs(1 - 2 * score), 3);
  expect(live).toMatchObject({ verdict_changes: live.scored, failed: 0 });
  expect(live.largest[0].shadow_p_fake).toBeCloseTo(1 - score, 3);
  await until('it is counted', async () => {
    const text = await (await fetch(`${system.url}/metrics`)).text();
    return /bonafide_shadow_analyses_total\{model_version="2\.1\.0",outcome="scored"\} [1-9]/.test(text);
  });
  const { analysis_id } = live.largest[0];
  await system.client.remove(analysis_id);
  const { scored } = live;
  await until(
    'the shadow has scored more',
    async () => {
      await analysed();
      return ((await ask<Comparison>('/models/compare')).body.live?.scored ?? 0) > scored;
    },
    60,
  );
  for await (const { key } of system.store.list('model-comparisons/')) {
    expect((await system.store.read(key))?.toString()).not.toContain(analysis_id);
  }
  expect((await command('shadow', 'off')).stdout).toContain('"shadow":null');
});

test('When a bundle is a canary, then it answers its share of the analyses, by their ids', async () => {
  await command('canary', SECOND, '0.5');
  const placeOf = ({ id }: Analysis) => createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32;
  await until('the canary answers', async () => versionOf(await analysed()) === SECOND, 60);
  const all = await Promise.all(Array.from({ length: 8 }, () => analysed()));
  expect(all.map(versionOf)).toEqual(all.map((analysis) => (placeOf(analysis) < 0.5 ? SECOND : FIRST)));
  await ask('/models/canary', { version: null });
  const { serving, history } = (await ask<ModelsView>('/models')).body;
  expect(serving).toMatchObject({ active: FIRST, canary: null, shadow: null });
  expect(history.map(({ action }) => action)).toContain('canary');
  expect(history.map(({ by }) => by)).toEqual(expect.arrayContaining(['command line', 'this machine']));
});
