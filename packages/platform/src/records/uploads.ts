import { uploadRecordSchema, type UploadRecord, type UploadRef } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export const uploadsPrefix = (tenant: string) => `uploads/${tenant}/`;
/** Where the bytes of a direct upload lie until something is made of them. */
export const uploadMediaKey = ({ tenant, upload_id }: UploadRef) => `upload-media/${tenant}/${upload_id}`;

export function uploadRecords(store: ObjectStore): Collection<UploadRef, UploadRecord> {
  return createCollection(store, {
    schema: uploadRecordSchema,
    keyOf: ({ tenant, upload_id }: UploadRef) => `${uploadsPrefix(tenant)}${upload_id}.json`,
    refOf: ({ tenant, id }) => ({ tenant, upload_id: id }),
  });
}
