import { batchRecordSchema, type BatchRecord, type BatchRef } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

/** Where all documents of a batch lie. */
export const batchFolder = ({ tenant, batch_id }: BatchRef) => `batches/${tenant}/${batch_id}`;

export function batchRecords(store: ObjectStore): Collection<BatchRef, BatchRecord> {
  return createCollection(store, {
    schema: batchRecordSchema,
    keyOf: (ref: BatchRef) => `${batchFolder(ref)}/batch.json`,
    refOf: ({ tenant, id }) => ({ tenant, batch_id: id }),
  });
}
