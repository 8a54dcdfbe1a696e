import { idempotencyRecordSchema, type IdempotencyRecord, type Submission } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection, type Collection } from './collection';

export type IdempotencyRef = { tenant: string; key_sha256: string };

export const IDEMPOTENCY_PREFIX = 'idempotency/';
/** Long past its lease a request has ended, however slow its process was. */
const ABANDONED_MS = 3_600_000;

export function idempotencyRecords(store: ObjectStore): Collection<IdempotencyRef, IdempotencyRecord> {
  return createCollection(store, {
    schema: idempotencyRecordSchema,
    keyOf: ({ tenant, key_sha256 }: IdempotencyRef) => `${IDEMPOTENCY_PREFIX}${tenant}/${key_sha256}.json`,
    refOf: ({ tenant, key_sha256 }) => ({ tenant, key_sha256 }),
  });
}

/** Has nobody hear again of an analysis that is deleted: its key answers that it is gone. @returns how many did */
export async function forgetAnswer(
  records: { idempotency: Collection<IdempotencyRef, IdempotencyRecord> },
  { tenant, id, idempotency_key_sha256: key_sha256 }: Submission,
): Promise<number> {
  if (key_sha256 === undefined) return 0;
  const answer = await records.idempotency.get({ tenant, key_sha256 });
  const isOfIt = answer?.state === 'answered' && answer.planned_id === id && answer.sealed !== undefined;
  if (!isOfIt) return 0;
  await records.idempotency.put({ ...answer, sealed: undefined });
  return 1;
}

/** Forgets the answers that have expired, and requests that ended with their process. Returns how many. */
export async function removeExpiredAnswers(
  records: { idempotency: Collection<IdempotencyRef, IdempotencyRecord> },
  now = Date.now(),
): Promise<number> {
  let removed = 0;
  for await (const { doc } of records.idempotency.list(IDEMPOTENCY_PREFIX)) {
    const untilMs =
      doc.state === 'answered' ? Date.parse(doc.expires_at) : Date.parse(doc.lease_until) + ABANDONED_MS;
    if (untilMs > now) continue;
    await records.idempotency.remove(doc);
    removed++;
  }
  return removed;
}
