import { readFileSync } from 'node:fs';
import { fixture, SMALL, startClassicSystem, type System } from '../system';

let system: System;
beforeAll(async () => {
  system = await startClassicSystem({ store: 's3', s3Room: SMALL, workers: 0 });
}, 150_000);
afterAll(() => system?.stop());

const clip = readFileSync(fixture('real-en.wav'));
/** More than it has room for by far: it must end before. */
const MOST = 300;

test('When the S3 server is full, then uploads are answered 507, nothing half-written stays, and all that was taken is there', async () => {
  const taken: string[] = [];
  let refusal: Response | undefined;
  while (!refusal && taken.length < MOST) {
    const body = new FormData();
    body.set('file', new Blob([new Uint8Array(clip)]), 'call.wav');
    const response = await fetch(`${system.url}/v1/analyses`, { method: 'POST', body });
    if (response.status === 202) taken.push(((await response.json()) as { id: string }).id);
    else refusal = response;
  }
  expect(taken.length).toBeGreaterThan(5);
  expect(refusal?.status).toBe(507);
  expect(refusal?.headers.get('retry-after')).not.toBeNull();
  expect(await refusal?.json()).toMatchObject({ code: 'storage_full' });
  expect(system.api.output()).toMatch(/"level":50.*takes nothing in.*"msg":"a request failed"/);
  const kept: string[] = [];
  for await (const { key } of system.store.list('media/')) kept.push(key.split('/').at(-1) ?? '');
  expect(kept.sort()).toEqual(taken.sort());
  for (const id of taken) {
    expect(await system.client.get(id)).toMatchObject({ status: 'queued' });
    expect(await system.store.read(`media/default/${id}`)).toEqual(clip);
  }
  expect((await fetch(`${system.url}/readyz`)).status).toBe(503);
});
