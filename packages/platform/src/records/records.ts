import type { ObjectStore } from '../store/object-store';
import { analysisRecords, type AnalysisRecords } from './analyses';
import { batchRecords } from './batches';
import { idempotencyRecords } from './idempotency';
import { keyRecords, keyUses } from './keys';
import { uploadRecords } from './uploads';
import { deliveryRecords, endpointRecords } from './webhooks';

/** All documents that are the truth about something, by kind. */
export type Records = AnalysisRecords & {
  keys: ReturnType<typeof keyRecords>;
  keyUses: ReturnType<typeof keyUses>;
  idempotency: ReturnType<typeof idempotencyRecords>;
  endpoints: ReturnType<typeof endpointRecords>;
  deliveries: ReturnType<typeof deliveryRecords>;
  batches: ReturnType<typeof batchRecords>;
  uploads: ReturnType<typeof uploadRecords>;
};

export function createRecords(store: ObjectStore): Records {
  return {
    ...analysisRecords(store),
    keys: keyRecords(store),
    keyUses: keyUses(store),
    idempotency: idempotencyRecords(store),
    endpoints: endpointRecords(store),
    deliveries: deliveryRecords(store),
    batches: batchRecords(store),
    uploads: uploadRecords(store),
  };
}
