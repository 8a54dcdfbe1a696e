import { connect } from 'node:net';
import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import {
  fixture,
  freePorts,
  programOf,
  startChild,
  startClassicSystem,
  temporaryFolder,
  until,
  type System,
} from '../system';

let system: System;
let dataDir: string;

beforeAll(async () => {
  dataDir = await temporaryFolder();
  system = await startClassicSystem({
    store: 'folder',
    workers: 0,
    env: { MAX_UPLOAD_BYTES: '1000000', DATA_DIR: dataDir },
  });
}, 150_000);
afterAll(() => system?.stop());

const clip = readFileSync(fixture('real-en-3s.wav'));

/** What a server says to these very bytes, until it hangs up or the answer is there. */
async function answerTo(bytes: string | Buffer, url = system.url): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(bytes));
  socket.on('error', () => undefined);
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (/\r\n\r\n[^]*\}$/.test(text)) break;
  }
  socket.destroy();
  return text;
}

const post = (head: string, body: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST /v1/analyses HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${head}Content-Length: ${body.length}\r\n\r\n`,
    ),
    Buffer.from(body),
  ]);
const FORM = 'Content-Type: multipart/form-data; boundary=b\r\n';
const part = (headers: string, content: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`--b\r\n${headers}\r\n\r\n`), Buffer.from(content), Buffer.from('\r\n')]);
const file = (name: string): Buffer =>
  part(`Content-Disposition: form-data; name="file"; filename="${name}"`, clip);
const form = (...parts: Buffer[]): Buffer => post(FORM, Buffer.concat([...parts, Buffer.from('--b--\r\n')]));
const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

test.each<[string, () => Buffer, RegExp]>([
  ['a name that would end its header', () => form(file('a\\"\\r\\nX-Evil: 1')), / 202 /],
  ['a name with a zero byte', () => form(file('a\0b.wav')), / 202 | 400 /],
  ['a name of another folder', () => form(file('..%2f..%2fetc%2fpasswd')), / 202 /],
  [
    'fields named as every object has them',
    () =>
      form(
        part('Content-Disposition: form-data; name="__proto__"', '{"admin":true}'),
        part('Content-Disposition: form-data; name="constructor"', 'x'),
        file('a.wav'),
      ),
    / 202 | 400 /,
  ],
  [
    'a part without a name',
    () => form(part('Content-Disposition: form-data', 'x'), file('a.wav')),
    / 202 | 400 /,
  ],
  [
    'a part with ten thousand headers',
    () => form(part(Array.from({ length: 10_000 }, (_, i) => `X-${i}: y`).join('\r\n'), 'x')),
    / 400 /,
  ],
  [
    'a boundary of a megabyte',
    () => post(`Content-Type: multipart/form-data; boundary=${'b'.repeat(10_000)}\r\n`, 'x'),
    / 400 | 431 /,
  ],
  [
    'twenty thousand bytes of headers',
    () => post(`X-Long: ${'y'.repeat(20_000)}\r\n${FORM}`, 'x'),
    / 400 | 431 /,
  ],
  [
    'JSON of three megabytes',
    () => post('Content-Type: application/json\r\n', `{"url":"${'x'.repeat(3_000_000)}"}`),
    / 413 /,
  ],
  [
    'JSON two hundred thousand levels deep',
    () => post('Content-Type: application/json\r\n', deep),
    / 400 | 413 /,
  ],
  [
    "JSON that would be everybody's prototype",
    () => post('Content-Type: application/json\r\n', '{"__proto__":{"tenant":"other"}}'),
    / 400 /,
  ],
  [
    'two lengths',
    () =>
      Buffer.from(
        'POST /v1/analyses HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
      ),
    / 400 /,
  ],
  [
    'a length and chunks',
    () =>
      Buffer.from(
        'POST /v1/analyses HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ),
    / 400 /,
  ],
  [
    'no host',
    () => Buffer.from('GET /v1/analyses HTTP/1.1\r\nConnection: close\r\n\r\n'),
    / 400 [^]*application\/problem\+json/,
  ],
  [
    'a path that climbs',
    () =>
      Buffer.from('GET /v1/analyses/..%2f..%2fkeys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    / 40[04] /,
  ],
])('When what comes has %s, then it is answered and nothing breaks', async (_name, bytes, expected) => {
  const answer = await answerTo(bytes());
  expect(answer.slice(0, 2_000)).toMatch(expected);
  expect(answer).not.toMatch(/^X-Evil/im);
  expect((await fetch(`${system.url}/livez`)).status).toBe(200);
});

test('When two hundred senders dawdle, then others are still served, and nothing of theirs is kept', async () => {
  const { hostname, port } = new URL(system.url);
  const head = `POST /v1/analyses HTTP/1.1\r\nHost: localhost\r\n${FORM}Content-Length: 900000\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="slow"\r\n\r\nRIFF`;
  const sockets = Array.from({ length: 200 }, () => connect(Number(port), hostname));
  sockets.forEach((socket) => socket.on('error', () => undefined).write(head));
  const beganMs = Date.now();
  expect(await answerTo(form(file('quick.wav')))).toMatch(/ 202 /);
  expect(Date.now() - beganMs).toBeLessThan(10_000);
  sockets.forEach((socket) => socket.resetAndDestroy());
  await until('nothing unfinished is left', async () => {
    const partial = await readdir(join(dataDir, 'store/.partial')).catch(() => []);
    return partial.length === 0;
  });
});

test('When there is no room, then it is 507, nothing half-written stays, and what fits is still taken', async () => {
  const full = await temporaryFolder();
  const env = {
    ...process.env,
    DATA_DIR: full,
    TMPDIR: full,
    REDIS_URL: system.redisServer.url,
    PORT: '0',
  };
  // Files of this process end at 200 kB, as on a disk that is full by then.
  const script = 'ulimit -f 400; exec "$0" "$@"';
  const api = startChild('/bin/sh', ['-c', script, process.execPath, ...programOf('api')], env);
  const url = await until(
    'it listens',
    () => /"url":"(http[^"]+)","msg":"listening"/.exec(api.output())?.[1],
    60,
  );
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(600_000).fill(7)]), 'large.wav');
  const response = await fetch(`${url}/v1/analyses`, { method: 'POST', body });
  expect(response.status).toBe(507);
  expect(response.headers.get('retry-after')).not.toBeNull();
  expect(await response.json()).toMatchObject({ code: 'storage_full' });
  const left = await readdir(join(full, 'store'), { recursive: true, withFileTypes: true });
  expect(
    left
      .filter((entry) => entry.isFile() && !/health|signing|secret/.test(`${entry.parentPath}/${entry.name}`))
      .map(({ name }) => name),
  ).toEqual([]);
  await until(
    'it is in the log',
    () => /a request failed/.test(api.output()) && /ENOSPC|EFBIG|no room/.test(api.output()),
  );
  const { hostname, port } = new URL(url);
  expect(await answerTo(form(file('small.wav')), `http://${hostname}:${port}`)).toMatch(/ 202 /);
  expect(await api.end()).toBe(0);
});

test('When not even a line of the log finds room, then the processes go on', async () => {
  const [port] = await freePorts(1);
  const env = { ...system.env, PORT: String(port) };
  const script = 'exec "$0" "$@" >/dev/full 2>&1';
  const [api, worker] = (['api', 'worker'] as const).map((app) =>
    startChild('/bin/sh', ['-c', script, process.execPath, ...programOf(app)], env),
  );
  const url = `http://127.0.0.1:${port}`;
  await until('it is ready', async () => (await fetch(`${url}/readyz`)).ok, 90);
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(clip)]), 'clip.wav');
  const { id } = (await (await fetch(`${url}/v1/analyses`, { method: 'POST', body })).json()) as {
    id: string;
  };
  const statusOf = async () => (await (await fetch(`${url}/v1/analyses/${id}`)).json()) as { status: string };
  await until('it has succeeded', async () => (await statusOf()).status === 'succeeded', 90);
  expect([await api.end(), await worker.end()]).toEqual([0, 0]);
}, 240_000);

test('When a worker has no room for a recording, then the analysis waits for room and does not fail', async () => {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(clip), 'for which there is no room']), 'clip.wav');
  const answer = await fetch(`${system.url}/v1/analyses`, { method: 'POST', body });
  const { id } = (await answer.json()) as { id: string };
  const script = 'ulimit -f 20; exec "$0" "$@"';
  const worker = startChild('/bin/sh', ['-c', script, process.execPath, ...programOf('worker')], system.env);
  await until('it waits', () => /waits for what is away/.test(worker.output()), 90);
  expect(worker.output()).not.toContain('"msg":"a job failed"');
  expect(await worker.end()).toBe(0);
  await system.startWorker();
  expect((await system.client.wait(id, { timeoutSec: 60 })).status).toBe('succeeded');
}, 240_000);
