import { request } from 'node:http';
import { createKey, createRecords } from '@bonafide/platform';
import { startClassicSystem, until, type System } from '../system';

/** A page can have its own name lead to this machine (DNS rebinding): to its browser the service is then its own. */
describe('By which names a service answers', () => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({
      store: 'folder',
      workers: 0,
      env: { PUBLIC_URL: 'https://voices.example/' },
    });
  }, 120_000);
  afterAll(() => system?.stop());

  const statusAs = (host: string, headers: Record<string, string> = {}) => {
    const { hostname, port } = new URL(system.url);
    const options = { hostname, port, path: '/v1/analyses', headers: { host, ...headers } };
    return new Promise<number | undefined>((resolve, reject) => {
      const asked = request(options, (response) => resolve(response.resume().statusCode));
      asked.once('error', reject).end();
    });
  };

  test.each(['127.0.0.1:3000', 'localhost', '[::1]:3000', '127.1', 'voices.example'])(
    'When it has no keys and is called %s, then it answers',
    async (host) => expect(await statusAs(host)).toBe(200),
  );

  test.each(['evil.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.0.7', 'x@'])(
    'When it has no keys and is called %s, then it tells nothing',
    async (host) => expect(await statusAs(host)).toBe(403),
  );

  test('When it has keys, then a key is asked for by whatever name', async () => {
    const key = await createKey(createRecords(system.store), {
      ...{ name: 'a', tenant: 'default', scopes: ['read'] },
    });
    const isAsked = async () => (await statusAs('evil.example')) === 401;
    await until('keys are needed', isAsked, 10);
    expect(await statusAs('evil.example', { authorization: `Bearer ${key.key}` })).toBe(200);
  });
});
