import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Analysis, AnalysisSummary, Page } from '@bonafide/contracts';
import { recording, startClassicSystem, until, type System } from '../system';

describe.each(['s3', 'folder'] as const)('the list of analyses with the %s store', (kind) => {
  let system: System;
  const ids: string[] = [];

  beforeAll(async () => {
    system = await startClassicSystem({ store: kind });
    const options = [{ label: 'Ärzte, 50 %' }, { label: 'red', custom_id: 'call 7' }, { label: 'red' }, {}];
    for (const each of options) {
      const { id } = await system.client.submit(await recording('real-en-3s.wav'), each);
      ids.unshift(id);
    }
    for (const id of ids) await system.client.wait(id, { timeoutSec: 60 });
    const text = { content: new Blob(['not a recording, only words\n'.repeat(50)]), filename: 'letter.txt' };
    const failed = await system.client.submit(text, { label: 'red' });
    await system.client.wait(failed.id, { timeoutSec: 60 });
    ids.unshift(failed.id);
  }, 120_000);
  afterAll(() => system?.stop());

  const idsOf = ({ items }: Page<AnalysisSummary>) => items.map(({ id }) => id);

  test('When all are asked for, then they come newest first with what they came to, and without reports', async () => {
    const page = await system.client.list();
    expect(idsOf(page)).toEqual(ids);
    expect(page.next_cursor).toBeNull();
    expect(page.items[0]).toMatchObject({ status: 'failed', error: { code: 'not_audio' }, p_fake: null });
    expect(page.items.map((item) => item.partially_cloned)).toEqual([null, false, false, false, false]);
    const labelled = page.items[3];
    expect(labelled).toMatchObject({ status: 'succeeded', label: 'red', custom_id: 'call 7' });
    expect(labelled.p_fake).toBeGreaterThanOrEqual(0);
    expect(labelled.verdict).toMatch(/AUTHENTIC|CLONED/);
    expect(labelled).not.toHaveProperty('result');
  });

  test('When pages are followed, then every analysis comes once', async () => {
    const seen: string[] = [];
    for await (const { id } of system.client.each({ limit: 2 })) seen.push(id);
    expect(seen).toEqual(ids);
  });

  test('When a label, a status, both or a time is asked for, then only what matches comes', async () => {
    const [failed, , red2, red1, umlaut] = ids;
    expect(idsOf(await system.client.list({ label: 'red' }))).toEqual([failed, red2, red1]);
    expect(idsOf(await system.client.list({ label: 'Ärzte, 50 %' }))).toEqual([umlaut]);
    expect(idsOf(await system.client.list({ status: 'failed' }))).toEqual([failed]);
    expect(idsOf(await system.client.list({ label: 'red', status: 'succeeded', limit: 1 }))).toEqual([red2]);
    expect(idsOf(await system.client.list({ label: 'nobody' }))).toEqual([]);
    const { created_at } = await system.client.get(red2);
    expect(idsOf(await system.client.list({ from: created_at })).slice(-1)).not.toContain(red1);
    expect(idsOf(await system.client.list({ to: created_at }))).toEqual(
      expect.arrayContaining([red1, umlaut]),
    );
    expect(idsOf(await system.client.list({ from: '2020-01-01', to: '2020-01-02' }))).toEqual([]);
  });

  test('When an upload takes longer than another, then a time finds it by when it was created', async () => {
    const slow = await beginUpload(system.url, await recording('real-en-3s.wav'));
    const { id: fast } = await system.client.submit(await recording('fake-ja.mp3'));
    await system.client.wait(fast, { timeoutSec: 60 });
    const { id, created_at } = await slow.end();
    expect([id, fast].sort()).toEqual([id, fast]);
    expect(idsOf(await system.client.list({ from: created_at }))).toEqual([id]);
    const before = idsOf(await system.client.list({ to: created_at }));
    expect([before.includes(fast), before.includes(id)]).toEqual([true, false]);
    await system.client.wait(id, { timeoutSec: 60 });
    for (const each of [id, fast]) await fetch(`${system.url}/v1/analyses/${each}`, { method: 'DELETE' });
  });

  test.each([
    ['status=done', 400],
    ['limit=0', 400],
    ['from=yesterday', 400],
    ['batch=none', 400],
    ['cursor=YWJj', 404],
  ])('When it is asked for %s, then it is refused with %i', async (query, status) => {
    expect((await fetch(`${system.url}/v1/analyses?${query}`)).status).toBe(status);
  });

  test('When Redis is emptied, then the list is made again from the records by whoever asks', async () => {
    const before = await system.client.list();
    await system.redis.flushall();
    expect(await system.client.list()).toEqual(before);
    expect(idsOf(await system.client.list({ label: 'red', status: 'failed' }))).toEqual([ids[0]]);
  });
});

describe('the list of analyses without Redis', () => {
  test('When Redis is away, then it answers 503 at once', async () => {
    const system = await startClassicSystem({ store: 'folder', workers: 0 });
    try {
      await system.redisServer.process.end('SIGKILL');
      const answer = await until('it is noticed', async () => {
        const response = await fetch(`${system.url}/v1/analyses?label=${randomUUID()}`);
        return response.status === 503 && response;
      });
      expect(answer.headers.get('retry-after')).not.toBeNull();
      for (const path of ['', '/events']) {
        const beganAt = Date.now();
        const id = '01a20a3e-848a-72df-a3df-9a4ae721c4c4';
        const { status } = await fetch(`${system.url}/v1/analyses${path && `/${id}${path}`}`);
        expect(status).toBe(503);
        expect(Date.now() - beganAt).toBeLessThan(2_000);
      }
    } finally {
      await system.redisServer.restart();
      await system.stop();
    }
  });
});

/** An upload of which the head is on its way; `end` sends the rest. */
async function beginUpload(url: string, { content }: { content: Blob }) {
  const headers = { 'Content-Type': 'multipart/form-data; boundary=xyz' };
  const request = httpRequest(`${url}/v1/analyses`, { method: 'POST', headers });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  const head = '--xyz\r\nContent-Disposition: form-data; name="file"; filename="slow.wav"\r\n\r\n';
  await new Promise((resolve) => request.write(head, resolve));
  // What is asked for behind it has the same way to go: when that is answered, the upload has begun.
  for (const path of ['/v1/analyses?limit=1', '/v1/analyses?limit=1']) await fetch(url + path);
  return {
    end: async (): Promise<Analysis> => {
      request.end(Buffer.concat([Buffer.from(await content.arrayBuffer()), Buffer.from('\r\n--xyz--\r\n')]));
      const [response] = await answered;
      return json(response) as Promise<Analysis>;
    },
  };
}
