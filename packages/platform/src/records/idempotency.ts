import { idempotencyRecordSchema, type IdempotencyRecord } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export type IdempotencyRef = { tenant: string; key_sha256: string };

export const IDEMPOTENCY_PREFIX = 'idempotency/';

export function idempotencyRecords(store: ObjectStore): Collection<IdempotencyRef, IdempotencyRecord> {
  return createCollection(store, {
    schema: idempotencyRecordSchema,
    keyOf: ({ tenant, key_sha256 }: IdempotencyRef) => `${IDEMPOTENCY_PREFIX}${tenant}/${key_sha256}.json`,
    refOf: ({ tenant, key_sha256 }) => ({ tenant, key_sha256 }),
  });
}
