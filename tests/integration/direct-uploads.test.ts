import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createdUploadSchema, type CreatedUpload, type Problem } from '@bonafide/contracts';
import { fixture, startClassicSystem, until, type System } from '../system';

const content = readFileSync(fixture('real-en-3s.wav'));
const sha256 = createHash('sha256').update(content).digest('hex');

describe.each(['s3', 'folder'] as const)('direct uploads to the %s store', (kind) => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({ store: kind, s3Access: 'signed' });
  }, 120_000);
  afterAll(() => system?.stop());

  async function post(path: string, body: unknown) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(system.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as Problem & { id: string } };
  }

  async function announce(wish: object = {}): Promise<CreatedUpload> {
    const { status, body } = await post('/v1/uploads', {
      ...{ length: content.length, sha256, filename: 'call.wav' },
      ...wish,
    });
    expect(status).toBe(201);
    return createdUploadSchema.parse(body);
  }

  /** As curl does it: the request as it was given, and the file. */
  async function send({ put }: CreatedUpload, body: Uint8Array, headers = put.headers): Promise<number> {
    const { 'Content-Length': _length, ...rest } = headers;
    return (await fetch(put.url, { method: put.method, headers: rest, body })).status;
  }

  const submit = (upload_id: string, options: object = {}) => post('/v1/analyses', { upload_id, ...options });

  test('When a recording comes by the link, then it is analysed under its own name, twice if wanted', async () => {
    const upload = await announce();
    expect(await send(upload, content)).toBe(200);
    expect(await system.client.uploads.get(upload.id)).toMatchObject({
      received: true,
      length: content.length,
    });
    for (const label of ['first', 'second']) {
      const { status, body } = await submit(upload.upload_id, { label });
      expect(status).toBe(202);
      const analysis = await system.client.wait(body.id, { timeoutSec: 60 });
      expect(analysis).toMatchObject({ status: 'succeeded', filename: 'call.wav', sha256, label });
      expect(await system.store.read(`media/default/${body.id}`)).toEqual(content);
    }
  });

  test('When other bytes come by the link, then they are refused and nothing is kept', async () => {
    const upload = await announce();
    const forged = Buffer.from(content);
    forged[1000] ^= 1;
    expect([400, 403, 422]).toContain(await send(upload, forged));
    expect([400, 403, 422]).toContain(await send(upload, Buffer.concat([content, content])));
    expect([400, 403, 422]).toContain(await send(upload, content.subarray(0, 500)));
    expect(await system.client.uploads.get(upload.id)).toMatchObject({ received: false });
    expect(await submit(upload.id)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await send(upload, content)).toBe(200);
    expect((await submit(upload.id)).status).toBe(202);
  });

  test('When the store took other bytes all the same, then the submission is refused and nothing of it is kept', async () => {
    const upload = await announce();
    await system.store.put(`upload-media/default/${upload.id}`, Buffer.alloc(content.length, 7));
    const before = await keysBelow('media/');
    expect(await submit(upload.id)).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
    expect(await keysBelow('media/')).toEqual(before);
  });

  test('When a link is changed, then it lets nothing in', async () => {
    const upload = await announce();
    const url = upload.put.url.replace(/([0-9a-zA-Z_-])$/, (last) => (last === 'a' ? 'b' : 'a'));
    const changed = { ...upload, put: { ...upload.put, url } };
    // S3 links do not end in the signature: there the last parameter is changed, which is signed as well.
    expect([400, 403, 404]).toContain(await send(changed, content));
    expect(await system.client.uploads.get(upload.id)).toMatchObject({ received: false });
  });

  test.each([
    [{ length: 0 }, 400, 'invalid_request'],
    [{ length: 6 * 1024 ** 3 }, 413, 'file_too_large'],
    [{ sha256: 'abc' }, 400, 'invalid_request'],
    [{ filename: '' }, 400, 'invalid_request'],
    [{ surprise: 1 }, 400, 'invalid_request'],
  ])('When %j is announced, then it is refused with %i %s', async (wish, status, code) => {
    const body = { length: content.length, sha256, filename: 'call.wav', ...wish };
    expect(await post('/v1/uploads', body)).toMatchObject({ status, body: { code } });
  });

  test('When what is sent is no JSON, then it is told so', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${system.url}/v1/uploads`, { method: 'POST', headers, body: '{"length":' });
    expect(await response.json()).toMatchObject({
      status: 400,
      detail: 'The body is not valid JSON, or neither an object nor a list',
    });
  });

  test('When an upload is removed, then it is gone and what was made of it stays', async () => {
    const upload = await announce();
    await send(upload, content);
    const { body } = await submit(upload.id);
    await system.client.uploads.remove(upload.id);
    expect(await submit(upload.id)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await system.client.wait(body.id, { timeoutSec: 60 })).status).toBe('succeeded');
  });

  async function keysBelow(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of system.store.list(prefix)) keys.push(key);
    return keys;
  }
});

describe('uploads that expire', () => {
  let system: System;
  beforeAll(async () => {
    const env = { UPLOAD_LINK_TTL_S: '4', UPLOAD_TTL_S: '5', SWEEP_EVERY_S: '1' };
    system = await startClassicSystem({ store: 'folder', env });
  }, 120_000);
  afterAll(() => system?.stop());

  test('When their time is over, then the link lets nothing in and the sweep removes what came by it', async () => {
    const upload = await system.client.uploads.store(new Blob([content]), 'call.wav');
    await until('the upload is removed', async () => {
      const record = await system.store.head(`uploads/default/${upload.id}.json`);
      return record === null && (await system.store.head(`upload-media/default/${upload.id}`)) === null;
    });
    const { method, url } = upload.put;
    expect((await fetch(url, { method, body: content })).status).toBe(403);
    await expect(system.client.submit({ upload_id: upload.id })).rejects.toMatchObject({
      problem: { code: 'not_found' },
    });
  });
});
