import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createFolderStore, createMemoryStore, openStore, type ObjectStore } from '@bonafide/platform';
import { removeTemporaryFolders, S3_CREDENTIALS, startS3, temporaryFolder, type S3Server } from '../system';

/** What every adapter must do, asked of each. */
let s3: S3Server;
const stores: Record<string, ObjectStore> = {};

beforeAll(async () => {
  Object.assign(process.env, S3_CREDENTIALS);
  s3 = await startS3();
  const bucket = { kind: 's3', bucket: 'contract', endpoint: s3.endpoint, region: 'us-east-1' } as const;
  stores.s3 = await openStore(bucket);
  stores.folder = createFolderStore(await temporaryFolder());
  stores.memory = createMemoryStore();
});

afterAll(async () => {
  Object.values(stores).forEach((store) => store.close());
  await s3.process.end('SIGKILL');
  await removeTemporaryFolders();
});

async function keysOf(store: ObjectStore, prefix: string, after?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, after)) keys.push(key);
  return keys;
}

function failingStream(firstBytes: Buffer): Readable {
  return Readable.from(
    (function* () {
      yield firstBytes;
      throw new Error('the sender is gone');
    })(),
  );
}

describe.each(['s3', 'folder', 'memory'])('the %s store', (name) => {
  let store: ObjectStore;
  beforeAll(() => {
    store = stores[name];
  });

  test('When a document is put, then it is read back byte by byte, and replaced by the next', async () => {
    await store.put('put/a', Buffer.from([0, 1, 2, 255]));
    expect(await store.read('put/a')).toEqual(Buffer.from([0, 1, 2, 255]));
    await store.put('put/a', Buffer.from('later'));
    expect((await store.read('put/a'))?.toString()).toBe('later');
  });

  test('When a stream of several parts is put, then it arrives whole', async () => {
    const block = Buffer.alloc(1024 * 1024, 7);
    await store.put('put/large', Readable.from(Array.from({ length: 12 }, () => block)));
    expect((await store.head('put/large'))?.bytes).toBe(12 * block.length);
    const tail = await store.stream('put/large', {
      start: 12 * block.length - 3,
      end: 12 * block.length - 1,
    });
    expect(await buffer(tail as Readable)).toEqual(Buffer.from([7, 7, 7]));
  });

  test.each([10, 7 * 1024 * 1024])(
    'When a stream fails after %i bytes, then nothing is stored',
    async (bytes) => {
      const key = `put/failing-${bytes}`;
      await expect(store.put(key, failingStream(Buffer.alloc(bytes)))).rejects.toThrow('the sender is gone');
      expect(await store.head(key)).toBeNull();
      expect(await keysOf(store, key)).toEqual([]);
    },
  );

  test('When ten create one key at once, then one succeeds and its content stays', async () => {
    const tries = Array.from({ length: 10 }, (_, index) =>
      store.create('once/key', Buffer.from(`writer ${index}`)),
    );
    const outcomes = await Promise.all(tries);
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect((await store.read('once/key'))?.toString()).toBe(`writer ${outcomes.indexOf('created')}`);
    expect(await store.create('once/key', Buffer.from('late'))).toBe('exists');
  });

  test('When a key holds nothing, then reading says so and removing is fine', async () => {
    expect(await store.read('none/at/all')).toBeNull();
    expect(await store.stream('none/at/all')).toBeNull();
    expect(await store.head('none/at/all')).toBeNull();
    expect(await store.fetch('none/at/all', join(await temporaryFolder(), 'file'))).toBe(false);
    await store.remove('none/at/all');
  });

  test('When an object is fetched, then the local file is its copy', async () => {
    await store.put('fetch/a', Buffer.from('recording'));
    const path = join(await temporaryFolder(), 'file');
    expect(await store.fetch('fetch/a', path)).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('recording');
  });

  test('When a range is asked for, then only it comes', async () => {
    await store.put('range/a', Buffer.from('0123456789'));
    expect((await buffer((await store.stream('range/a', { start: 2, end: 4 })) as Readable)).toString()).toBe(
      '234',
    );
  });

  test('When keys are listed, then they come by prefix, in order within a folder, behind the given one', async () => {
    const keys = ['list/a/2', 'list/a-b', 'list/a/1', 'list/b', 'listing'];
    for (const key of keys) await store.put(key, Buffer.from(key));
    expect((await keysOf(store, 'list/')).sort()).toEqual(['list/a-b', 'list/a/1', 'list/a/2', 'list/b']);
    expect(await keysOf(store, 'list/a/')).toEqual(['list/a/1', 'list/a/2']);
    expect(await keysOf(store, 'list/a/', 'list/a/1')).toEqual(['list/a/2']);
  });

  test('When an object is removed, then it is gone', async () => {
    await store.put('remove/a', Buffer.from('x'));
    await store.remove('remove/a');
    expect(await store.read('remove/a')).toBeNull();
  });

  test.each(['../out', 'a//b', '/a', 'a/..', 'a/.hidden', 'a b', ''])(
    'When a key is %j, then it is refused',
    async (key) => {
      await expect((async () => store.put(key, Buffer.from('x')))()).rejects.toThrow('not a storage key');
    },
  );
});
