import { openAsBlob } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Analysis } from '@bonafide/contracts';
import { createMemoryStore, createRecords, removeExpiredAnswers } from '@bonafide/platform';
import { fixture, startClassicSystem, until, type System } from '../system';

describe.each(['s3', 'folder'] as const)('Idempotency-Key on the %s store', (kind) => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({ store: kind, workers: 0, env: { SYNC_WAIT_S: '0.1' } });
  });
  afterAll(() => system?.stop());

  type Sent = { key?: string; path?: string; clip?: string; fields?: Record<string, string> };
  async function submit({ key, path = '/v1/analyses', clip = 'real-en-3s.wav', fields = {} }: Sent) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    body.set('file', await openAsBlob(fixture(clip)), clip);
    const headers = { ...(key !== undefined && { 'idempotency-key': key }) };
    const response = await fetch(`${system.url}${path}`, { method: 'POST', body, headers });
    const { status, headers: told } = response;
    return { status, told, body: (await response.json()) as Analysis & { code?: string } };
  }
  const recordKey = (key: string) =>
    `idempotency/default/${createHash('sha256').update(key).digest('hex')}.json`;
  async function submissions(): Promise<number> {
    let count = 0;
    for await (const { key } of system.store.list('analyses/')) if (key.endsWith('submission.json')) count++;
    return count;
  }

  /** A submission of which only the first thousand bytes are sent so far. */
  async function begun(key: string) {
    const clip = await (await openAsBlob(fixture('real-en-3s.wav'))).arrayBuffer();
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="real-en-3s.wav"\r\n\r\n';
    const slow = httpRequest(`${system.url}/v1/analyses`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'idempotency-key': key },
    });
    slow.write(head);
    slow.write(Buffer.from(clip, 0, 1000));
    return { slow, clip };
  }

  test('When a submission is sent again, then it hears the first answer and nothing is done twice', async () => {
    const key = randomUUID();
    const first = await submit({ key, fields: { profile: 'recall' } });
    const before = await submissions();
    const again = await submit({ key: `"${key}"`, fields: { profile: 'recall' } });
    expect(first.status).toBe(202);
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(again.told.get('location')).toBe(first.told.get('location'));
    expect(again.told.get('idempotency-replayed')).toBe('true');
    expect(first.told.get('idempotency-replayed')).toBeNull();
    const leftMs = Date.parse(first.told.get('idempotency-expires') as string) - Date.now();
    expect(leftMs / 3_600_000).toBeCloseTo(24, 0);
    expect(again.told.get('idempotency-expires')).toBe(first.told.get('idempotency-expires'));
    expect(await submissions()).toBe(before);
  });

  test.each<[string, Partial<Sent>]>([
    ['of another file', { clip: 'real-it.flac' }],
    ['with another field', { fields: { profile: 'recall' } }],
    ['to another address', { path: '/analyze_voice_data' }],
  ])('When the key comes with a request %s, then that is refused', async (_what, other) => {
    const key = randomUUID();
    expect((await submit({ key })).status).toBe(202);
    expect(await submit({ key, ...other })).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
  });

  test('When the first is still under way, then the second is sent away, and later hears the answer', async () => {
    const key = randomUUID();
    const { slow, clip } = await begun(key);
    const answered = new Promise<number | undefined>((resolve, reject) => {
      slow.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
    });
    await until('the first has begun', () => system.store.head(recordKey(key)));
    const sentAway = await submit({ key });
    expect(sentAway).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(sentAway.told.get('retry-after')).toBe('2');
    slow.end(Buffer.concat([Buffer.from(clip, 1000), Buffer.from('\r\n--b--\r\n')]));
    expect(await answered).toBe(202);
    const replayed = await submit({ key });
    expect([replayed.status, replayed.told.get('idempotency-replayed')]).toEqual([202, 'true']);
  });

  test('When the first breaks off within its body, then the second is carried out', async () => {
    const key = randomUUID();
    const { slow } = await begun(key);
    await until('the first has begun', () => system.store.head(recordKey(key)));
    slow.once('error', () => undefined).destroy();
    await until('the key is let go', async () => (await submit({ key })).status === 202, 10);
  });

  test('When the first is left while its key is claimed, then the second is carried out', async () => {
    const left = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const key = randomUUID();
        const { slow } = await begun(key);
        slow.once('error', () => undefined);
        // Each is left at another moment of its first 20 ms.
        await new Promise((resolve) => setTimeout(resolve, index / 2));
        slow.destroy();
        return key;
      }),
    );
    const refused = new Set(left);
    await until('all keys are let go', async () => {
      for (const key of refused) if ((await submit({ key })).status === 202) refused.delete(key);
      return refused.size === 0;
    });
  });

  test('When ten with one key come at once, then one analysis is made', async () => {
    const key = randomUUID();
    const before = await submissions();
    const answers = await Promise.all(Array.from({ length: 10 }, () => submit({ key })));
    expect(await submissions()).toBe(before + 1);
    expect(answers.filter(({ status }) => status !== 202 && status !== 409)).toEqual([]);
    expect(new Set(answers.flatMap(({ status, body }) => (status === 202 ? [body.id] : []))).size).toBe(1);
  });

  test('When the request was at fault, then it is told so again', async () => {
    const key = randomUUID();
    const wrong = { key, fields: { profile: 'none' } };
    expect((await submit(wrong)).status).toBe(400);
    const again = await submit(wrong);
    expect([again.status, again.told.get('idempotency-replayed')]).toEqual([400, 'true']);
  });

  test('When a body comes packed, then the same one is the same request, and another is not', async () => {
    const headers = {
      ...{ 'content-type': 'application/json', 'content-encoding': 'gzip' },
      'idempotency-key': randomUUID(),
    };
    const announce = async (filename: string) => {
      const body = gzipSync(JSON.stringify({ length: 1, sha256: '0'.repeat(64), filename }));
      const response = await fetch(`${system.url}/v1/uploads`, { method: 'POST', headers, body });
      return { status: response.status, id: ((await response.json()) as { id?: string }).id };
    };
    const first = await announce('a.wav');
    expect(first.status).toBe(201);
    expect(await announce('a.wav')).toEqual(first);
    expect((await announce('b.wav')).status).toBe(422);
  });

  test('When the process that began it is gone, then the next one carries it out', async () => {
    const key = randomUUID();
    const [, tenant, file] = recordKey(key).split('/');
    const record = {
      format: 1,
      tenant,
      key_sha256: file.slice(0, 64),
      state: 'running',
      owner: randomUUID(),
    };
    const lapsed = { ...record, lease_until: new Date(Date.now() - 1).toISOString() };
    await system.store.put(recordKey(key), Buffer.from(JSON.stringify(lapsed)));
    const answers = await Promise.all([submit({ key }), submit({ key }), submit({ key })]);
    const made = answers.filter(({ status }) => status === 202).map(({ body }) => body.id);
    expect(new Set(made).size).toBe(1);
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
  });

  test('When an answer is kept, then nobody can read it in the store', async () => {
    const key = randomUUID();
    const { body } = await submit({ key });
    const kept = (await system.store.read(recordKey(key)))?.toString() as string;
    for (const told of [key, body.filename, body.links.self]) expect(kept).not.toContain(told);
  });

  test.each(['', ' ', 'a b', 'ü'.normalize(), 'x'.repeat(256)])(
    'When the key is %j, then it is refused',
    async (key) => {
      const sent = await submit({ key: Buffer.from(key).toString('latin1') });
      expect(sent).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    },
  );

  test('When a fault of the service was in the way, then the request may be tried again', async () => {
    const key = randomUUID();
    await system.redisServer.process.end('SIGKILL');
    expect((await submit({ key })).status).toBe(503);
    await system.redisServer.restart();
    const done = await until('Redis is back', async () => {
      const answer = await submit({ key });
      return answer.status === 202 && answer;
    });
    expect(done.told.get('idempotency-replayed')).toBeNull();
  });
});

test('When answers have expired, then the sweep forgets them and no other', async () => {
  const records = createRecords(createMemoryStore());
  const now = Date.now();
  const at = (ms: number) => new Date(now + ms).toISOString();
  const base = { format: 1, tenant: 'a', fingerprint: 'a'.repeat(64), sealed: '' } as const;
  const [old, fresh, running, forsaken] = ['0', '1', '2', '3'].map((digit) => digit.repeat(64));
  await records.idempotency.put({ ...base, key_sha256: old, state: 'answered', expires_at: at(-1) });
  await records.idempotency.put({ ...base, key_sha256: fresh, state: 'answered', expires_at: at(1_000) });
  const begun = { format: 1, tenant: 'a', state: 'running', owner: randomUUID() } as const;
  await records.idempotency.put({ ...begun, key_sha256: running, lease_until: at(-60_000) });
  await records.idempotency.put({ ...begun, key_sha256: forsaken, lease_until: at(-7_200_000) });
  expect(await removeExpiredAnswers(records, now)).toBe(2);
  const left = [];
  for await (const { doc } of records.idempotency.list('idempotency/')) left.push(doc.key_sha256);
  expect(left).toEqual([fresh, running]);
});
