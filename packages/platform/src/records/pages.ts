import type { ManifestEntry, ResultLine } from '@bonafide/contracts';
import type { z } from 'zod';
import type { ObjectStore } from '../store/object-store';

type Schema = z.ZodType<ManifestEntry | ResultLine>;

export type Pages<Ref, Line> = {
  /** Null where there is no such page. */
  read(ref: Ref, page: number): Promise<Line[] | null>;
  /** The whole page, at once and for good. */
  write(ref: Ref, page: number, lines: readonly Line[]): Promise<void>;
};

export type GrowingPages<Ref, Line> = Pages<Ref, Line> & {
  /** So far: read until the page is written. What comes late, with fewer lines than another, takes nothing back. */
  grow(ref: Ref, page: number, lines: readonly Line[]): Promise<void>;
};

export const numbered = (number: number) => String(number).padStart(6, '0');

/** Many small things as lines of few objects: a store asks for time and money by the object. */
export function pages<Ref, S extends Schema>(
  store: ObjectStore,
  schema: S,
  folderOf: (ref: Ref) => string,
): Pages<Ref, z.infer<S>> {
  const keyOf = (ref: Ref, page: number) => `${folderOf(ref)}/${numbered(page)}.jsonl`;
  return {
    read: (ref, page) => readLines(store, schema, keyOf(ref, page)),
    write: (ref, page, lines) => store.put(keyOf(ref, page), textOf(lines)),
  };
}

/**
 * Pages that are read while they grow: each state of one is an object of its own, by its number of lines. A worker
 * that froze before it wrote, and thaws after another has gone on, writes beside what that one wrote.
 */
export function growingPages<Ref, S extends Schema>(
  store: ObjectStore,
  schema: S,
  folderOf: (ref: Ref) => string,
): GrowingPages<Ref, z.infer<S>> {
  const whole = pages(store, schema, folderOf);
  const statesOf = (ref: Ref, page: number) => `${folderOf(ref)}/${numbered(page)}.growing/`;
  return {
    read: async (ref, page) => {
      const lines = await whole.read(ref, page);
      if (lines) return lines;
      let latest: string | undefined;
      for await (const { key } of store.list(statesOf(ref, page))) latest = key;
      if (latest === undefined) return null;
      // Where it is gone by now, the whole page has come.
      return (await readLines(store, schema, latest)) ?? whole.read(ref, page);
    },
    write: async (ref, page, lines) => {
      await whole.write(ref, page, lines);
      for await (const { key } of store.list(statesOf(ref, page))) await store.remove(key);
    },
    grow: (ref, page, lines) =>
      store.put(`${statesOf(ref, page)}${numbered(lines.length)}.jsonl`, textOf(lines)),
  };
}

async function readLines<S extends Schema>(
  store: ObjectStore,
  schema: S,
  key: string,
): Promise<z.infer<S>[] | null> {
  const content = await store.read(key);
  const lines = content?.toString('utf8').split('\n').filter(Boolean);
  return lines?.map((line) => schema.parse(JSON.parse(line))) ?? null;
}

const textOf = (lines: readonly unknown[]): Buffer =>
  Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
