import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Analysis, Batch, CreatedUpload, Report } from '@bonafide/contracts';
import {
  batchCaller,
  fixture,
  startClassicSystem,
  until,
  zipOf,
  type BatchCaller,
  type System,
} from '../system';

jest.setTimeout(120_000);

const clip = readFileSync(fixture('real-en-3s.wav'));
const sha256 = createHash('sha256').update(clip).digest('hex');

describe.each(['s3', 'folder'] as const)('What is deleted from the %s store', (kind) => {
  let system: System;
  let batches: BatchCaller;
  beforeAll(async () => {
    system = await startClassicSystem({ store: kind, s3Access: 'signed' });
    batches = batchCaller(system.url);
  });
  afterAll(() => system?.stop());

  const upload = (content: Buffer = clip, name = 'call.wav') =>
    system.client.uploads.store(new Blob([new Uint8Array(content)]), name);
  const ended = (id: string) => system.client.wait(id, { timeoutSec: 60 });

  /** Objects that are the recording, name it by its hash, or tell what was found in it. */
  async function traces({ result }: Analysis): Promise<string[]> {
    const found: string[] = [];
    const telling = [sha256, `"p_fake":${result?.p_fake}`];
    for await (const { key } of system.store.list('')) {
      const content = (await system.store.read(key)) ?? Buffer.alloc(0);
      if (content.equals(clip) || telling.some((text) => content.includes(text))) found.push(key);
    }
    return found;
  }

  async function uploadTraces({ id }: CreatedUpload): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of system.store.list('upload')) if (key.includes(id)) keys.push(key);
    return keys;
  }

  test('When a recording came by a direct upload, then nothing is left of either', async () => {
    const { id: upload_id } = await upload();
    const { id } = await system.client.submit({ upload_id });
    const analysis = await ended(id);
    expect(await traces(analysis)).not.toEqual([]);
    expect((await system.client.remove(id)).removed.media).toBe(2);
    expect(await traces(analysis)).toEqual([]);
    await expect(system.client.uploads.get(upload_id)).rejects.toMatchObject({ problem: { status: 404 } });
  });

  test('When it was an entry of a batch, then the batch tells that it is gone, and nothing else of it', async () => {
    const other = readFileSync(fixture('real-es.ogg'));
    const { id } = await batches.create(
      zipOf([
        { name: 'a/gone.wav', data: clip },
        { name: 'a/stays.ogg', data: other },
      ]),
      'calls.zip',
    );
    const { counters } = await batches.ended(id);
    const [gone, stays] = await batches.items(id);
    const analysis = await ended(gone.analysis_id as string);
    await system.client.remove(analysis.id);
    expect(await traces(analysis)).toEqual([]);
    const nothing = { sha256: null, verdict: null, p_fake: null, decision: null, analysis_id: null };
    const [first, second] = await batches.items(id);
    expect(first).toMatchObject({ path: 'a/gone.wav', status: 'succeeded', reason: 'deleted', ...nothing });
    expect(second).toEqual(stays);
    for (const format of ['csv', 'jsonl', 'html']) {
      const report = await fetch(`${system.url}/v1/batches/${id}/report?format=${format}`);
      const text = await report.text();
      expect(text).toContain('gone.wav');
      for (const told of [analysis.id, sha256, String(gone.p_fake)]) expect(text).not.toContain(told);
    }
    const now = (await (await fetch(`${system.url}/v1/batches/${id}`)).json()) as Batch;
    expect(now.counters).toEqual(counters);
  });

  test('When an answer with its result was kept for an Idempotency-Key, then it is not given again', async () => {
    const ask = () => {
      const body = new FormData();
      body.set('audio_file', new Blob([new Uint8Array(clip)]), 'call.wav');
      const headers = { 'Idempotency-Key': 'call-4711' };
      return fetch(`${system.url}/analyze_voice_data`, { method: 'POST', body, headers });
    };
    const first = (await (await ask()).json()) as Report;
    expect(await (await ask()).json()).toEqual(first);
    const { items } = await system.client.list({ limit: 1 });
    const analysis = await ended(items[0].id);
    expect(analysis.result).toEqual(first);
    await system.client.remove(analysis.id);
    expect(await traces(analysis)).toEqual([]);
    const again = await ask();
    expect(again.status).toBe(404);
    expect(await again.json()).toMatchObject({ code: 'not_found' });
  });

  test('When answers that tell of it were kept for other keys, then none of them is given again', async () => {
    const post = ([path, body]: readonly [string, object]) =>
      fetch(system.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'Idempotency-Key': `key-of-${path}` },
        body: JSON.stringify(body),
      });
    const announced = ['/v1/uploads', { length: clip.length, sha256, filename: 'call.wav' }] as const;
    const { upload_id, put } = (await (await post(announced)).json()) as CreatedUpload;
    const { 'Content-Length': _length, ...headers } = put.headers;
    expect((await fetch(put.url, { method: put.method, headers, body: new Uint8Array(clip) })).ok).toBe(true);
    const analysis = await ended((await system.client.submit({ upload_id })).id);
    const path = `/v1/analyses/${analysis.id}`;
    const asked = [
      announced,
      [`${path}/feedback`, { label: 'fake', note: 'Mrs X' }],
      [`${path}/shares`, { expires_in_sec: 3_600 }],
    ] as const;
    for (const one of asked) expect((await post(one)).status).toBe(201);
    await system.client.remove(analysis.id);
    for (const one of asked) expect((await post(one)).status).toBe(404);
    expect(await traces(analysis)).toEqual([]);
  });

  test('When nothing is to be kept, then uploads go with the recordings that were made of them', async () => {
    const single = await upload();
    await ended((await system.client.submit({ upload_id: single.id }, { retention: 'none' })).id);
    const listed = await upload();
    const list = await batches.createNamed({ items: [{ upload_id: listed.id }], retention: 'none' });
    const archive = await upload(zipOf([{ name: 'a.wav', data: clip }]), 'a.zip');
    const zipped = await batches.createNamed({ upload_id: archive.id });
    for (const batch of [list, zipped]) await batches.ended(((await batch.json()) as Batch).id);
    for (const one of [single, listed, archive])
      await until('the upload is gone', async () => (await uploadTraces(one)).length === 0);
  });

  test('When a recording is kept for an hour, then its upload is not kept for longer', async () => {
    const one = await upload();
    const { finished_at } = await ended(
      (await system.client.submit({ upload_id: one.id }, { retention: '1h' })).id,
    );
    const dueMs = Date.parse(finished_at as string) + 3_600_000;
    await until('the upload ends with it', async () => {
      return Date.parse((await system.client.uploads.get(one.id)).expires_at) === dueMs;
    });
  });
});
