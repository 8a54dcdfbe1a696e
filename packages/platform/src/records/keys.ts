import {
  DEFAULT_TENANT,
  keyRecordSchema,
  keyUseSchema,
  type KeyRecord,
  type KeyUse,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

type Ref = { prefix: string };

export const KEYS_PREFIX = 'keys/';

/** The keys of all tenants, found by how their text begins. */
export function keyRecords(store: ObjectStore): Collection<Ref, KeyRecord> {
  return createCollection(store, {
    schema: keyRecordSchema,
    keyOf: ({ prefix }: Ref) => `${KEYS_PREFIX}${prefix}.json`,
    refOf: ({ prefix }) => ({ prefix }),
  });
}

export function keyUses(store: ObjectStore): Collection<Ref, KeyUse> {
  return createCollection(store, {
    schema: keyUseSchema,
    keyOf: ({ prefix }: Ref) => `key-uses/${prefix}.json`,
    refOf: ({ prefix }) => ({ prefix }),
  });
}

/** Everyone whose records there may be: keys are revoked and never removed. */
export async function tenantsOf({ keys }: { keys: ReturnType<typeof keyRecords> }): Promise<Set<string>> {
  const tenants = new Set<string>([DEFAULT_TENANT]);
  for await (const { doc } of keys.list(KEYS_PREFIX)) tenants.add(doc.tenant);
  return tenants;
}
