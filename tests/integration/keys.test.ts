import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CreatedKey, Key, Page, Problem } from '@bonafide/contracts';
import { createKey, createRecords, formatKey, mintKeyText } from '@bonafide/platform';
import {
  fixture,
  ROOT,
  startChild,
  startClassicSystem,
  temporaryFolder,
  until,
  type System,
} from '../system';
import { openAsBlob } from 'node:fs';

/** A key that was revoked may work for as long as an answer of the store is believed. */
const REVOKED_WITHIN_SEC = 5;

describe.each(['s3', 'folder'] as const)('keys on the %s store', (kind) => {
  let system: System;
  const make = (wish: Partial<Parameters<typeof createKey>[1]> & { name: string }) =>
    createKey(createRecords(system.store), { tenant: wish.name, scopes: ['submit', 'read'], ...wish });

  beforeAll(async () => {
    system = await startClassicSystem({ store: kind, workers: 0 });
  });
  afterAll(() => system?.stop());

  async function call(method: string, path: string, { key, body }: { key?: string; body?: unknown } = {}) {
    const isJson = body !== undefined && !(body instanceof FormData);
    const response = await fetch(`${system.url}${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(isJson && { 'content-type': 'application/json' }),
      },
      body: isJson ? JSON.stringify(body) : body,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text ? JSON.parse(text) : null) as unknown,
    };
  }

  async function form(): Promise<FormData> {
    const data = new FormData();
    data.set('file', await openAsBlob(fixture('real-en-3s.wav')), 'real-en-3s.wav');
    return data;
  }

  test('When there is no key, then everybody on this machine is let in, and the first key ends that', async () => {
    const { status } = await call('POST', '/v1/analyses', { body: await form() });
    expect(status).toBe(202);
    await make({ name: 'first' });
    await until('keys are needed', async () => (await call('GET', '/v1/keys')).status === 401, 10);
  });

  test('When a request has no key or a wrong one, then it is refused and told how to ask', async () => {
    const ended = await make({ name: 'gone', expires: '1s' });
    await until(
      'it has ended',
      async () => (await call('GET', '/v1/keys', { key: ended.key })).status === 401,
      10,
    );
    const unknown = formatKey(mintKeyText());
    const real = (await make({ name: 'x' })).key;
    const otherSecret = formatKey({ prefix: real.slice(3, 11), secret: mintKeyText().secret });
    for (const key of [
      undefined,
      '',
      'x',
      `${real}x`,
      `${real.slice(0, -1)}${real.endsWith('2') ? '3' : '2'}`,
      unknown,
      otherSecret,
      ended.key,
    ]) {
      const { status, headers, body } = await call('GET', `/v1/analyses/${ended.id}`, { key });
      expect([key, status, (body as Problem).code]).toEqual([key, 401, 'unauthorized']);
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  test('When a key comes as X-API-Key, then it counts as well', async () => {
    const { key } = await make({ name: 'header' });
    const response = await fetch(`${system.url}/v1/analyses`, {
      method: 'POST',
      headers: { 'x-api-key': key },
      body: await form(),
    });
    expect(response.status).toBe(202);
  });

  test('When a route tells nothing of anybody, then it needs no key', async () => {
    expect((await call('GET', '/livez')).status).toBe(200);
    expect((await call('GET', '/readyz')).status).toBe(503);
  });

  test('When a key lacks the scope, then the request is forbidden', async () => {
    const reader = (await make({ name: 'scopes', scopes: ['read'] })).key;
    const submitter = (await make({ name: 'scopes', scopes: ['submit'] })).key;
    const admin = (await make({ name: 'scopes', scopes: ['admin'] })).key;
    const refused = await call('POST', '/v1/analyses', { key: reader, body: await form() });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const { status, body } = await call('POST', '/v1/analyses', { key: submitter, body: await form() });
    expect(status).toBe(202);
    const self = `/v1/analyses/${(body as { id: string }).id}`;
    expect((await call('GET', self, { key: submitter })).status).toBe(403);
    expect((await call('GET', self, { key: reader })).status).toBe(200);
    expect((await call('GET', self, { key: admin })).status).toBe(200);
    expect((await call('GET', '/v1/keys', { key: reader })).status).toBe(403);
    expect((await call('GET', '/v1/keys', { key: admin })).status).toBe(200);
  });

  test('When an admin makes a key, then it is shown once, kept hashed and of the same tenant', async () => {
    const admin = (await make({ name: 'office', scopes: ['admin'] })).key;
    const made = await call('POST', '/v1/keys', { key: admin, body: { name: 'clerk', expires: '90d' } });
    const key = made.body as CreatedKey;
    expect(made).toMatchObject({ status: 201, body: { tenant: 'office', scopes: ['submit', 'read'] } });
    expect(key.key).toMatch(/^bf_[a-z2-7]{8}_[a-z2-7]{32}_[a-z2-7]{6}$/);
    expect(Date.parse(key.expires_at as string) - Date.parse(key.created_at)).toBe(90 * 86_400_000);
    const stored = (await system.store.read(`keys/${key.prefix}.json`))?.toString() as string;
    expect(stored).not.toContain(key.key.split('_')[2]);
    const listed = (await call('GET', '/v1/keys', { key: admin })).body as { items: Key[] };
    expect(listed.items.map(({ name }) => name)).toEqual(['office', 'clerk']);
    expect(JSON.stringify(listed)).not.toContain(key.key.split('_')[2]);
    const first = (await call('GET', '/v1/keys?limit=1', { key: admin })).body as Page<Key>;
    const rest = await call('GET', `/v1/keys?limit=1&cursor=${first.next_cursor}`, { key: admin });
    expect(rest.body).toEqual({ items: [listed.items[1]], next_cursor: null });
  });

  test.each([
    ['has no name', {}],
    ['has an unknown scope', { name: 'x', scopes: ['all'] }],
    ['names a tenant', { name: 'x', tenant: 'other' }],
    ['ends at no time', { name: 'x', expires: 'soon' }],
    ['has ended already', { name: 'x', expires: '2020-01-01' }],
    ['ends at once', { name: 'x', expires: '0d' }],
  ])('When the wish for a key %s, then it is refused', async (_what, body) => {
    const admin = (await make({ name: 'office', scopes: ['admin'] })).key;
    expect(await call('POST', '/v1/keys', { key: admin, body })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });

  test('When a key is to last longer than time can tell, then it lasts as long as that', async () => {
    const admin = (await make({ name: 'office', scopes: ['admin'] })).key;
    const { body } = await call('POST', '/v1/keys', { key: admin, body: { name: 'x', expires: '999999w' } });
    expect(body).toMatchObject({ expires_at: '9999-12-31T23:59:59.999Z' });
  });

  test('When a key is revoked, then it stops working within five seconds', async () => {
    const admin = (await make({ name: 'keeper', scopes: ['admin'] })).key;
    const { id, key } = await make({ name: 'keeper' });
    const probe = async () => (await call('GET', '/v1/analyses/none', { key })).status;
    expect(await probe()).toBe(404);
    const revoked = await call('DELETE', `/v1/keys/${id}`, { key: admin });
    expect(revoked).toMatchObject({ status: 200, body: { id, revoked_at: expect.any(String) as string } });
    await until('the key is refused', async () => (await probe()) === 401, REVOKED_WITHIN_SEC + 1);
    expect((await call('DELETE', `/v1/keys/${id}`, { key: admin })).status).toBe(200);
  });

  test('When a key was used, then the list tells when', async () => {
    const { key } = await make({ name: 'busy', scopes: ['admin'] });
    const used = await until('the use is noted', async () => {
      const { items } = (await call('GET', '/v1/keys', { key })).body as { items: Key[] };
      return items[0].last_used_at;
    });
    expect(Math.abs(Date.now() - Date.parse(used))).toBeLessThan(60_000);
  });

  test('When the logs are read, then no key is in them', async () => {
    const { key } = await make({ name: 'quiet' });
    await call('GET', `/v1/analyses/${key}`, { key });
    await call('GET', '/v1/analyses/none', { key });
    const logged = await until('the requests are logged', () => {
      const output = system.api.output();
      return output.includes('"path":"/v1/analyses/none"') && output;
    });
    expect(logged).not.toMatch(/authorization|x-api-key/i);
    expect(logged).not.toContain(key.split('_')[2]);
  });
});

/** The program as an image has it; `npm run keys` runs the same from its source. */
describe('the keys program', () => {
  let env: NodeJS.ProcessEnv;
  const run = async (...args: string[]) => {
    const program = [join(ROOT, 'apps/cli/dist/keys.js'), ...args];
    const execution = promisify(execFile)(process.execPath, program, { env });
    const answer = await execution.then(
      (done) => ({ ...done, code: 0 }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    return { exit: answer.code, out: answer.stdout, err: answer.stderr };
  };
  beforeAll(async () => {
    env = { ...process.env, DATA_DIR: await temporaryFolder(), S3_BUCKET: '' };
  });

  test('When a key is made, then its text alone is on standard output, and the list has all but that', async () => {
    const { exit, out, err } = await run(
      'create',
      '--name',
      'Ärzte & Co',
      '--scopes',
      'read',
      '--expires',
      '2d',
    );
    expect({ exit, out }).toEqual({
      exit: 0,
      out: expect.stringMatching(/^bf_\w{8}_\w{32}_\w{6}\n$/) as string,
    });
    expect(err).toContain('tenant arzte-co');
    const [, prefix, secret] = out.split('_');
    const list = await run('list');
    expect(list.out).toMatch(new RegExp(`${prefix} .*Ärzte & Co .*arzte-co .*read .*until`));
    expect(list.out).not.toContain(secret);
  });

  test('When a key is revoked, then the list says so, and an unknown one is named', async () => {
    const key = JSON.parse((await run('create', '--name', 'gone', '--json')).out) as CreatedKey;
    expect(await run('revoke', key.id)).toMatchObject({ exit: 0 });
    expect((await run('list')).out).toMatch(/gone .*revoked/);
    expect(await run('revoke', 'nobody')).toMatchObject({ exit: 1, err: 'keys: there is no key nobody\n' });
  });

  test('When something else is asked for, then the exit status is 2 and the usage is shown', async () => {
    const refused = await run('create');
    expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining('npm run keys') as string });
  });

  test('When the API is to listen for others without a key, then it does not start and says what to do', async () => {
    const open = {
      ...env,
      DATA_DIR: await temporaryFolder(),
      HOST: '0.0.0.0',
      PORT: '0',
      REDIS_URL: 'redis://127.0.0.1:1',
    };
    const api = startChild(process.execPath, [join(ROOT, 'apps/api/dist/main.js')], open);
    expect(await api.exited).toBe(1);
    expect(api.output()).toContain('npm run keys -- create --name');
  });
});
