import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { assertKey, type ObjectInfo, type ObjectStore } from './object-store';

type Entry = { content: Buffer; modifiedAt: Date };

/** The twin without a disk: what the port means, in the fewest lines. */
export function createMemoryStore(): ObjectStore {
  const entries = new Map<string, Entry>();
  const infoOf = (key: string, entry: Entry): ObjectInfo => ({
    key,
    bytes: entry.content.length,
    modifiedAt: entry.modifiedAt,
  });
  const set = (key: string, content: Buffer) => {
    assertKey(key);
    entries.set(key, { content, modifiedAt: new Date() });
  };
  return {
    put: async (key, body) => set(key, await collect(body)),
    create: async (key, body) => {
      if (entries.has(key)) return 'exists';
      set(key, Buffer.from(body));
      return 'created';
    },
    read: async (key) => entries.get(key)?.content ?? null,
    stream: async (key, range) => {
      const content = entries.get(key)?.content;
      return content ? Readable.from([content.subarray(range?.start, range && range.end + 1)]) : null;
    },
    fetch: async (key, path) => {
      const entry = entries.get(key);
      if (entry) await writeFile(path, entry.content, { flag: 'wx' });
      return entry !== undefined;
    },
    head: async (key) => {
      const entry = entries.get(key);
      return entry ? infoOf(key, entry) : null;
    },
    copy: async (from, to) => {
      const entry = entries.get(from);
      if (entry) set(to, entry.content);
      return entry !== undefined;
    },
    signPut: async () => null,
    removePartials: async () => 0,
    remove: async (key) => void entries.delete(key),
    list: async function* (prefix, after = '') {
      const keys = [...entries.keys()].filter((key) => key.startsWith(prefix) && key > after);
      for (const key of keys.sort((a, b) => (a < b ? -1 : 1))) yield infoOf(key, entries.get(key) as Entry);
    },
    close: () => undefined,
  };
}

async function collect(body: Uint8Array | Readable): Promise<Buffer> {
  if (!(body instanceof Readable)) return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
