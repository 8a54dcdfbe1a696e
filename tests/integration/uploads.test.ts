import { connect } from 'node:net';
import type { Problem } from '@bonafide/contracts';
import { recording, startClassicSystem, until, type System } from '../system';

const MAX_BYTES = 400_000;
type Body = FormData | Blob | string | undefined;
let system: System;

beforeAll(async () => {
  system = await startClassicSystem({
    store: 's3',
    workers: 0,
    env: { MAX_UPLOAD_BYTES: String(MAX_BYTES) },
  });
});
afterAll(() => system?.stop());

async function post(body: Body, headers: Record<string, string> = {}) {
  const response = await fetch(`${system.url}/v1/analyses`, { method: 'POST', body, headers });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as Problem,
  };
}

function form(...entries: [string, Blob | string, string?][]): FormData {
  const data = new FormData();
  for (const [name, value, filename] of entries) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, filename);
  }
  return data;
}

async function storedKeys(): Promise<string[]> {
  const keys: string[] = [];
  for (const prefix of ['media/', 'analyses/']) {
    for await (const { key } of system.store.list(prefix)) keys.push(key);
  }
  return keys;
}

const sound = new Blob([new Uint8Array(1000)]);
const MULTIPART = 'multipart/form-data; boundary=xyz';

test.each<[string, () => Body, Record<string, string>, number, string]>([
  ['has no body', () => undefined, {}, 415, 'unsupported_media_type'],
  ['is JSON that names none', () => '{}', { 'content-type': 'application/json' }, 400, 'invalid_request'],
  ['has no file', () => form(['profile', 'balanced']), {}, 400, 'missing_file'],
  ['has its file in an unknown field', () => form(['audio', sound, 'a.wav']), {}, 400, 'unexpected_field'],
  ['has two files', () => form(['file', sound, 'a'], ['file', sound, 'b']), {}, 400, 'too_many_files'],
  ['has an empty file', () => form(['file', new Blob([]), 'a.wav']), {}, 400, 'empty_file'],
  [
    'names an unknown profile',
    () => form(['file', sound, 'a'], ['profile', 'x']),
    {},
    400,
    'invalid_request',
  ],
  ['names no boundary', () => 'x', { 'content-type': 'multipart/form-data' }, 400, 'malformed_upload'],
  ['never ends its form', () => '--xyz\r\n', { 'content-type': MULTIPART }, 400, 'malformed_upload'],
  ['is not a form at all', () => 'RIFF....WAVE', { 'content-type': MULTIPART }, 400, 'malformed_upload'],
  [
    'breaks off in the file',
    () => '--xyz\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nRIFF',
    { 'content-type': MULTIPART },
    400,
    'malformed_upload',
  ],
  [
    'has thousands of fields',
    () => form(...Array.from({ length: 3000 }, (_, i): [string, string] => [`f${i}`, 'x'])),
    {},
    400,
    'malformed_upload',
  ],
  [
    'is too large',
    () => form(['file', new Blob([new Uint8Array(MAX_BYTES + 1)]), 'a']),
    {},
    413,
    'file_too_large',
  ],
  ['is far too large', () => form(['file', new Blob([new Uint8Array(5e6)]), 'a']), {}, 413, 'file_too_large'],
])(
  'When an upload %s, then it is refused by name and nothing of it is kept',
  async (_what, body, headers, status, code) => {
    const before = await storedKeys();
    const answer = await post(body(), headers);
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.type).toMatch('application/problem+json');
    expect(Object.keys(answer.body).sort()).toEqual([
      'code',
      'detail',
      'request_id',
      'status',
      'title',
      'type',
    ]);
    expect(await storedKeys()).toEqual(before);
  },
);

test('When the sender goes away in the middle, then nothing of the upload is kept', async () => {
  const before = await storedKeys();
  const { hostname, port } = new URL(system.url);
  const socket = connect(Number(port), hostname);
  const head =
    'POST /v1/analyses HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: gone-sender\r\nContent-Length: 300000\r\n';
  socket.write(`${head}Content-Type: ${MULTIPART}\r\n\r\n`);
  socket.write('--xyz\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nRIFF');
  socket.once('connect', () => setImmediate(() => socket.resetAndDestroy()));
  await until('the request is over', () => system.api.output().includes('gone-sender'));
  expect(await storedKeys()).toEqual(before);
});

test.each(['blob', 'stream'])(
  'When the client sends a %s whose name holds what nobody can see, then it is taken in without that',
  async (kind) => {
    const { content } = await recording('real-en-3s.wav');
    const filename = 'call\u001b[31m\n7.wav';
    const handed = kind === 'blob' ? { content, filename } : { content: content.stream(), filename };
    const { id } = await system.client.submit(handed);
    expect((await system.client.get(id)).filename).toBe('call[31m7.wav');
  },
);

test('When neither a form nor JSON is sent, then both are named', async () => {
  const { content } = await recording('real-en-3s.wav');
  const answer = await post(content, { 'content-type': 'audio/wav' });
  expect(answer.status).toBe(415);
  expect(answer.body.detail).toMatch(/multipart\/form-data.*application\/json/);
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\call.wav', 'call.wav'],
  ['Größe 録音 🎙.wav', 'Größe 録音 🎙.wav'],
  ['ab\u202egpj.wav', 'abgpj.wav'],
  ['..', 'recording'],
  ['x'.repeat(400), 'x'.repeat(255)],
])('When a file is called %j, then the analysis calls it %j', async (given, shown) => {
  const { content } = await recording('real-en-3s.wav');
  const boundary = 'name-test';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${given.replaceAll('\\', '\\\\')}"\r\n\r\n`;
  const body = new Blob([head, content, `\r\n--${boundary}--\r\n`]);
  const answer = await post(body, { 'content-type': `multipart/form-data; boundary=${boundary}` });
  expect(answer).toMatchObject({ status: 202, body: { filename: shown } });
});

test.each([
  ['GET', '/v1/nothing', 404, 'not_found', null],
  ['GET', '/v1/analyses/not-an-id', 404, 'not_found', null],
  ['GET', '/v1/analyses/01a20a3e-848a-72df-a3df-9a4ae721c4c4', 404, 'not_found', null],
  ['GET', '/v1/analyses/%ff', 400, 'invalid_request', null],
  ['GET', '/v1/analyses/01a20a3e-848a-72df-a3df-9a4ae721c4c4?wait=soon', 400, 'invalid_request', null],
  ['DELETE', '/v1/analyses', 405, 'method_not_allowed', 'GET, HEAD, POST'],
  ['GET', '/analyze_voice_data', 405, 'method_not_allowed', 'POST'],
])('When %s %s is asked, then it is refused with %i %s', async (method, path, status, code, allow) => {
  const response = await fetch(system.url + path, { method });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({
    status,
    code,
    request_id: response.headers.get('x-request-id'),
  });
  expect(response.headers.get('allow')).toBe(allow);
});

test.each([
  ['is not HTTP', 'hello there\r\n\r\n', 400, 'invalid_request'],
  ['has headers without end', `GET / HTTP/1.1\r\nCookie: ${'a'.repeat(20_000)}`, 431, 'headers_too_large'],
])('When what comes %s, then it is told so', async (_what, bytes, status, code) => {
  const { hostname, port } = new URL(system.url);
  const socket = connect(Number(port), hostname, () => socket.write(bytes));
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toMatch(`"code":"${code}"`);
});
