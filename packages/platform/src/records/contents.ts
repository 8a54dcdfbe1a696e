import { createHash } from 'node:crypto';
import { contentRecordSchema, type ContentRecord } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export type ContentRef = Omit<ContentRecord, 'format' | 'analysis_id'>;

/** Found by what a result depends on: bytes, model and options. Never over the border of a tenant. */
export function contentRecords(store: ObjectStore): Collection<ContentRef, ContentRecord> {
  return createCollection(store, {
    schema: contentRecordSchema,
    keyOf: ({ tenant, sha256, model_version, model_digest, ensemble, profile }: ContentRef) => {
      // A version may hold what a storage key may not.
      const named = model_digest ?? model_version;
      const model = createHash('sha256').update(named).digest('hex').slice(0, 16);
      return `contents/${tenant}/${sha256}.${model}.${ensemble}.${profile}.json`;
    },
    refOf: ({ format: _format, analysis_id: _id, ...ref }) => ref,
  });
}
