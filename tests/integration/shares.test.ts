import type { CreatedShare } from '@bonafide/contracts';
import { createKey, createRecords } from '@bonafide/platform';
import { recording, startClassicSystem, until, type System } from '../system';

jest.setTimeout(120_000);

let system: System;
let analysisId: string;

beforeAll(async () => {
  system = await startClassicSystem({ store: 's3' });
  ({ id: analysisId } = await system.client.submit(await recording('real-en-3s.wav')));
  await system.client.wait(analysisId, { timeoutSec: 60 });
});
afterAll(() => system?.stop());

/** What a stranger hears of everything behind a link. */
async function heard({ token }: CreatedShare, url = system.url): Promise<string[]> {
  const answers = ['', '/media', '/model'].map(async (part) => {
    const response = await fetch(`${url}/v1/shared/${token}${part}`);
    if (response.ok) return '200';
    return `${response.status} ${((await response.json()) as { code: string }).code}`;
  });
  return Promise.all(answers);
}
const OPEN = Array<string>(3).fill('200');
const ENDED = Array<string>(3).fill('404 not_found');

test('When a link is made, then it shows the result to strangers, and the list says when it ends', async () => {
  const { token, path, ...shown } = await system.client.shares.create(analysisId, { expires_in_sec: 3_600 });
  expect(path).toBe(`/shared/${token}`);
  expect(Date.parse(shown.expires_at) - Date.parse(shown.created_at)).toBe(3_600_000);
  const shared = await system.client.shares.open(token);
  expect(shared).toMatchObject({ expires_at: shown.expires_at, analysis: { id: analysisId } });
  const list = await system.client.shares.list(analysisId);
  expect(list.items).toEqual([shown]);
  expect(JSON.stringify(list)).not.toContain(token);
});

test('When a link is revoked, then it has ended at once, for every process and without Redis, and no other has', async () => {
  const revoked = await system.client.shares.create(analysisId);
  const kept = await system.client.shares.create(analysisId);
  const another = await system.startApi();
  expect(await heard(revoked, another)).toEqual(OPEN);
  const answer = await system.client.shares.revoke(analysisId, revoked.id);
  expect(answer).toMatchObject({ id: revoked.id, revoked_by: null });
  expect(answer.revoked_at).not.toBeNull();
  expect(await heard(revoked, another)).toEqual(ENDED);
  await system.redis.flushall();
  expect(await heard(revoked)).toEqual(ENDED);
  expect(await heard(kept)).toEqual(OPEN);
  expect(await system.client.shares.revoke(analysisId, revoked.id)).toEqual(answer);
  expect((await system.client.shares.list(analysisId)).items).toContainEqual(answer);
});

test('When the time of a link is over, then it has ended', async () => {
  const share = await system.client.shares.create(analysisId);
  const { shares } = createRecords(system.store);
  const record = await shares.get({ tenant: 'default', analysis_id: analysisId, share_id: share.id });
  if (!record) throw new Error('no record');
  await shares.put({ ...record, expires_at: new Date(Date.now() - 1).toISOString() });
  expect(await heard(share)).toEqual(ENDED);
});

test('When there are many links, then the list comes in pages, each link once', async () => {
  const { items } = await system.client.shares.list(analysisId);
  const first = await system.client.shares.list(analysisId, { limit: 2 });
  const rest = await system.client.shares.list(analysisId, { cursor: first.next_cursor ?? '' });
  expect([...first.items, ...rest.items]).toEqual(items);
  expect(rest.next_cursor).toBeNull();
});

test('When an analysis is deleted, then its links go with it', async () => {
  const { id } = await system.client.submit(await recording('fake-ja.mp3'));
  await system.client.wait(id, { timeoutSec: 60 });
  const share = await system.client.shares.create(id);
  await system.client.remove(id);
  expect(await heard(share)).toEqual(ENDED);
  const left = [];
  for await (const { key } of system.store.list(`analyses/default/${id}/`)) left.push(key);
  expect(left).toEqual([]);
});

// Last: from the first key on, this service asks for one.
test('When keys are in force, then a link needs the right to read, and the record names who made and who ended it', async () => {
  const records = createRecords(system.store);
  const keyOf = (name: string, scopes: ('submit' | 'read')[]) =>
    createKey(records, { name, tenant: 'default', scopes });
  const clerk = await keyOf('clerk', ['submit', 'read']);
  const [sender, reader] = [await keyOf('sender', ['submit']), await keyOf('reader', ['read'])];
  await until('keys are asked for', async () => (await fetch(`${system.url}/v1/analyses`)).status === 401);
  const ask = async (key: { key: string }, method: string, path = '', more = {}) => {
    const response = await fetch(`${system.url}/v1/analyses/${analysisId}/shares${path}`, {
      method,
      headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json', ...more },
      ...(method === 'POST' && { body: '{}' }),
    });
    return { status: response.status, share: (await response.json()) as CreatedShare };
  };
  expect((await ask(sender, 'POST')).status).toBe(403);
  expect((await ask(reader, 'POST')).status).toBe(403);
  const once = { 'Idempotency-Key': 'one-link' };
  const { share } = await ask(clerk, 'POST', '', once);
  expect((await ask(clerk, 'POST', '', once)).share).toEqual(share);
  expect((await ask(sender, 'POST', '', once)).status).toBe(403);
  expect((await ask(reader, 'GET')).status).toBe(200);
  expect((await ask(reader, 'DELETE', `/${share.id}`)).status).toBe(403);
  const ended = await ask(sender, 'DELETE', `/${share.id}`);
  expect(ended.share).toMatchObject({ created_by: clerk.id, revoked_by: sender.id });
  expect(await heard(share)).toEqual(ENDED);
});
