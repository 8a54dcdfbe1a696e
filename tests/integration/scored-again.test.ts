import { readFileSync } from 'node:fs';
import type { Batch, Problem, SubmissionOptions } from '@bonafide/contracts';
import {
  batchCaller,
  BROKEN,
  contraryBundles,
  FIRST,
  fixture,
  SECOND,
  startSystem,
  type System,
} from '../system';

/** On a machine that does much else beside. */
jest.setTimeout(240_000);

const sound = readFileSync(fixture('real-en-3s.wav'));

let system: System;
let recordings = 0;

beforeAll(async () => {
  const models = await contraryBundles();
  system = await startSystem({ store: 'folder', workers: 2, env: { MODELS_DIR: models } });
});
afterAll(() => system?.stop());

async function ask<T>(path: string, body: unknown): Promise<{ status: number; body: T }> {
  const headers = { 'content-type': 'application/json' };
  const post = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${system.url}/v1${path}`, post);
  return { status: response.status, body: (await response.json()) as T };
}

/** Other bytes behind the same sound: nothing is known from before. */
async function analysed(options: SubmissionOptions) {
  const content = new Blob([new Uint8Array(sound), `note ${recordings++}`]);
  const { id } = await system.client.submit({ content, filename: 'call.wav' }, options);
  return system.client.wait(id, { timeoutSec: 120 });
}

test('When what is stored is scored again, then the first results stay, and what changed is told', async () => {
  const first = await Promise.all([
    analysed({ label: 'again' }),
    analysed({ label: 'again', custom_id: 'seven' }),
  ]);
  const gone = await analysed({ label: 'again', retention: 'none' });
  const score = first[0].result?.p_fake as number;
  const wish = { filter: { label: 'again', model_version: FIRST }, model_version: SECOND };
  const batches = batchCaller(system.url);
  const taken = await ask<Batch>('/batches', { reanalyse: wish });
  expect(taken.body).toMatchObject({ source: { kind: 'reanalysis', model_version: SECOND } });
  const batch = await batches.ended(taken.body.id);
  expect(batch.counters).toMatchObject({ total: 3, succeeded: 2, skipped: 1, changed: 2, failed: 0 });
  const difference = expect.closeTo(Math.abs(1 - 2 * score), 4) as number;
  expect(batch.changes).toEqual({
    ...{ compared: 2, to_inconclusive: 2, to_conclusive: 0 },
    ...{ mean_difference: difference, largest_difference: difference },
  });
  const items = await batches.items(batch.id);
  for (const { id } of first) {
    const item = items.find(({ original }) => original?.analysis_id === id);
    expect(item).toMatchObject({ changed: true, original: { model_version: FIRST }, status: 'succeeded' });
    expect(item?.original?.p_fake).toBeCloseTo(score, 4);
    expect(item?.p_fake).toBeCloseTo(1 - score, 4);
    const again = await system.client.get(item?.analysis_id as string);
    expect(again).toMatchObject({ reanalysis_of: id, result: { model_version: SECOND } });
    expect((await system.client.get(id)).result?.model_version).toBe(FIRST);
    const { items: later } = await system.client.list({ reanalysis_of: id });
    expect(later.map((each) => each.id)).toEqual([again.id]);
    expect((await fetch(`${system.url}/v1/analyses/${again.id}/media`)).status).toBe(200);
  }
  expect(items.map(({ custom_id }) => custom_id)).toContain('seven');
  const left = items.find(({ original }) => original?.analysis_id === gone.id);
  expect(left).toMatchObject({ status: 'skipped', reason: 'media_gone', changed: null });
  const report = await (await fetch(`${system.url}/v1/batches/${batch.id}/report?format=csv`)).text();
  expect(report.match(/,1\.0\.0,true,/g)).toHaveLength(2);
  const [{ id: deleted }] = first;
  const { analysis_id: second } = items.find(({ original }) => original?.analysis_id === deleted) ?? {};
  await system.client.remove(deleted);
  expect((await fetch(`${system.url}/v1/analyses/${second}`)).status).toBe(404);
  const after = await batches.items(batch.id);
  expect(JSON.stringify(after)).not.toContain(deleted);
  expect(after.filter(({ reason, original }) => reason === 'deleted' && original === null)).toHaveLength(1);
  const unknown = await ask<Problem>('/batches', { reanalyse: { filter: {}, model_version: '9.9.9' } });
  expect(unknown.status).toBe(404);
  const refused = await ask<Problem>('/batches', { reanalyse: { filter: {}, model_version: BROKEN } });
  expect([refused.status, refused.body.code]).toEqual([422, 'bundle_refused']);
});
