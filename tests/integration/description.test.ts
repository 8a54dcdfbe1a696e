import { describeApi } from '../../apps/api/src/description/document';
import { createApp } from '../../apps/api/src/app';
import { openContext, closeContext } from '../../apps/api/src/context';
import { ERROR_CATALOGUE } from '@bonafide/contracts';
import { createLogger, readConfig } from '@bonafide/platform';
import { removeTemporaryFolders, startRedis, temporaryFolder, type RedisServer } from '../system';

type Layer = {
  route?: { path: string | string[]; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
};

/** Pages of the web interface, answered with one file; no part of the API. */
const PAGES =
  /^\/(\{\*path\}|analyses\/:id|shared\/:token(?:\/model)?|batches.*|history|webhooks|keys|model|monitoring|status|sign-in)?$/;

function routesOf(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (!route) return handle.stack ? routesOf(handle.stack) : [];
    const methods = Object.keys(route.methods).filter((method) => method !== '_all');
    return [route.path]
      .flat()
      .filter((path) => !PAGES.test(path))
      .flatMap((path) => methods.map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`));
  });
}

describe('the description of the API', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis.process.end();
    await removeTemporaryFolders();
  });

  test('When the server has a route, then the description has it, and the other way round', async () => {
    const config = readConfig({ DATA_DIR: await temporaryFolder(), REDIS_URL: redis.url });
    const context = await openContext(config, createLogger('api', 'silent'), {
      telemetry: undefined,
    });
    const app = createApp(context) as unknown as { router: { stack: Layer[] } };
    const served = routesOf(app.router.stack);
    await closeContext(context);
    const described = Object.entries(describeApi('keyed').paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect([...new Set(served)].sort()).toEqual(described.sort());
  });

  test('When something is pointed to, then it is there', () => {
    const api = describeApi('keyed');
    const text = JSON.stringify(api);
    const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
    const components: Record<string, Record<string, unknown>> = api.components;
    const missing = references.filter(([, kind, name]) => !(name in components[kind])).map(([all]) => all);
    expect(references.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
    const operations = Object.values(api.paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const linked = [...text.matchAll(/"operationId":"(\w+)","parameters":\{"id":"\$response/g)].map(
      ([, id]) => id,
    );
    expect(linked.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('When an error has a code, then some operation names it or it is of the framework', () => {
    const named = new Set(
      Object.values(describeApi('keyed').components.responses).flatMap(({ description }) =>
        [...description.matchAll(/`(\w+)`:/g)].map(([, code]) => code),
      ),
    );
    const unnamed = Object.keys(ERROR_CATALOGUE).filter((code) => !named.has(code));
    // Of a method that a path does not have, and of failures inside an analysis or a batch.
    expect(unnamed.sort()).toEqual(['archive_damaged', 'method_not_allowed']);
  });
});
