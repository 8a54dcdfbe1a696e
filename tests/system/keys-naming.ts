import type { ObjectStore } from '@bonafide/platform';

/** Keys of the store in which an id stands. */
export async function keysNaming(store: ObjectStore, id: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) if (key.includes(id)) keys.push(key);
  return keys;
}
