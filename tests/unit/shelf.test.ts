import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Manifest } from '@bonafide/contracts';
import {
  changeServing,
  compareModels,
  createMemoryStore,
  createRecords,
  createShelf,
  putBundle,
  readFolderBundle,
} from '@bonafide/platform';

const SHIPPED = path.join(__dirname, '../../models/bonafide-1/manifest.json');
let models: string;

beforeEach(async () => (models = await mkdtemp(path.join(tmpdir(), 'shelf-'))));
afterEach(() => rm(models, { recursive: true }));

async function put(name: string, version: string, created_at: string): Promise<string> {
  const manifest = JSON.parse(await readFile(SHIPPED, 'utf8')) as Manifest;
  const folder = path.join(models, name);
  await mkdir(folder);
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify({ ...manifest, version, created_at }));
  return folder;
}

function open() {
  const store = createMemoryStore();
  return { records: createRecords(store), shelf: createShelf(models, store) };
}

describe('shelf', () => {
  test('When a bundle is put beside the only one, then that one serves until somebody activates the new one', async () => {
    await put('bonafide-1', '1.0.0', '2026-11-24T00:00:00Z');
    await put('a-candidate', '2.0.0', '2026-11-27T00:00:00Z');
    const sources = open();
    expect((await sources.shelf.installed()).ref.version).toBe('1.0.0');
    const { ref } = await sources.shelf.find('2.0.0');
    const { active, previous } = await changeServing(sources, { action: 'activate', bundle: ref }, 'test');
    expect([active.version, previous.map(({ version }) => version)]).toEqual(['2.0.0', ['1.0.0']]);
  });

  test('When the installed bundle is one of several, then those made before it may stand in for it, and no other', async () => {
    await put('bonafide-1', '1.0.0', '2026-11-24T00:00:00Z');
    await put('bonafide-2', '2.0.0', '2026-11-25T00:00:00Z');
    await put('bonafide-3', '3.0.0', '2026-11-26T00:00:00Z');
    await put('candidate', '4.0.0', '2026-11-27T00:00:00Z');
    await writeFile(path.join(models, 'active.json'), '{"bundle":"bonafide-3"}');
    const versions = (await open().shelf.fallbacks()).map(({ ref }) => ref.version);
    expect(versions).toEqual(['2.0.0', '1.0.0']);
  });

  test('When an edited copy of a bundle kept the time at which it was made, then the older version serves', async () => {
    const made = '2026-11-24T00:00:00Z';
    await put('a-copy', '1.10.0', made);
    await put('bonafide-1', '1.9.0', made);
    expect((await open().shelf.installed()).ref.version).toBe('1.9.0');
  });

  test('When a manifest is rotten, then it is named as unusable and the bundle beside it is still found', async () => {
    await put('bonafide-1', '1.0.0', '2026-11-24T00:00:00Z');
    await mkdir(path.join(models, 'bonafide-2'));
    await writeFile(path.join(models, 'bonafide-2/manifest.json'), '{"version":"2.0.0",');
    const { shelf } = open();
    expect((await shelf.installed()).ref.version).toBe('1.0.0');
    await expect(shelf.find('2.0.0')).rejects.toThrow(
      /There is no bundle 2\.0\.0, but: bundle refused: .*bonafide-2: manifest\.json: is not JSON/,
    );
    await writeFile(path.join(models, 'bonafide-2/manifest.json'), '[]');
    await expect(shelf.find('2.0.0')).rejects.toThrow(/manifest\.json: the whole: .*expected object/);
    await writeFile(path.join(models, 'active.json'), '{');
    await expect(shelf.installed()).rejects.toThrow(/active\.json names no bundle/);
  });

  test('When an evaluation cannot be read, then bundles are compared without it', async () => {
    const first = await put('bonafide-1', '1.0.0', '2026-11-24T00:00:00Z');
    const second = await put('bonafide-2', '2.0.0', '2026-11-27T00:00:00Z');
    await cp(path.join(path.dirname(SHIPPED), 'evaluation.json'), path.join(first, 'evaluation.json'));
    await writeFile(path.join(second, 'evaluation.json'), '{"protocols":');
    const { evaluation } = await compareModels(open(), { version: '1.0.0', with: '2.0.0' });
    expect(evaluation.length).toBeGreaterThan(0);
    expect(evaluation.every(({ with_eer }) => with_eer === null)).toBe(true);
  });

  test('When a bundle is put into the store again, then what describes it must be the same, and JSON', async () => {
    const folder = path.join(models, 'bonafide-1');
    await cp(path.dirname(SHIPPED), folder, { recursive: true });
    const store = createMemoryStore();
    const put = async () => {
      const bundle = await readFolderBundle(folder);
      return bundle && putBundle(store, bundle);
    };
    expect([await put(), await put()]).toEqual(['added', 'known']);
    const file = path.join(folder, 'reference.json');
    await writeFile(file, '{"quantities":[]}');
    await expect(put()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/another reference\.json/) as string,
    });
    await writeFile(file, '{"broken":');
    await expect(put()).rejects.toMatchObject({ code: 'bundle_refused' });
  });
});
