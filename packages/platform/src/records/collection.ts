import type { z } from 'zod';
import type { ObjectStore } from '../store/object-store';

/**
 * Documents of one kind, each under its own key in the store. `Ref` names one; a document carries what its
 * ref is made of, so that it finds its own key.
 */
export type Collection<Ref, Doc> = {
  /** Writes once: `exists` says that another one was there before, and that one stays. */
  create(doc: Doc): Promise<'created' | 'exists'>;
  get(ref: Ref): Promise<Doc | null>;
  /** Writes, whatever was there. */
  put(doc: Doc): Promise<void>;
  remove(ref: Ref): Promise<void>;
  /**
   * Documents whose key begins with the prefix, in the order of their keys, from behind the key `after`.
   * One that was removed meanwhile is left out.
   */
  list(prefix: string, after?: string): AsyncIterable<{ key: string; doc: Doc }>;
};

/** `keyOf` is given a ref or a document, which both hold what makes the key. */
export type CollectionSpec<Ref, S extends z.ZodType> = {
  schema: S;
  keyOf: (ref: Ref) => string;
  refOf: (doc: z.infer<S>) => Ref;
};

/** Every document is checked against its schema on the way in and on the way out. */
export function createCollection<Ref, S extends z.ZodType>(
  store: ObjectStore,
  { schema, keyOf, refOf }: CollectionSpec<Ref, S>,
): Collection<Ref, z.infer<S>> {
  const at = (doc: z.infer<S>) => keyOf(refOf(doc));
  return {
    create: (doc) => store.create(at(doc), encode(schema, doc)),
    get: async (ref) => decode(schema, await store.read(keyOf(ref))),
    put: (doc) => store.put(at(doc), encode(schema, doc)),
    remove: (ref) => store.remove(keyOf(ref)),
    list: async function* (prefix, after) {
      for await (const { key } of store.list(prefix, after)) {
        const doc = decode(schema, await store.read(key));
        if (doc !== null) yield { key, doc };
      }
    },
  };
}

function encode<S extends z.ZodType>(schema: S, doc: z.infer<S>): Buffer {
  return Buffer.from(JSON.stringify(schema.parse(doc)));
}

function decode<S extends z.ZodType>(schema: S, document: Buffer | null): z.infer<S> | null {
  return document && schema.parse(JSON.parse(document.toString('utf8')));
}
