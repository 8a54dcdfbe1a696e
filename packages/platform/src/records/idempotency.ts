import {
  idempotencyRecordSchema,
  keptAnswerSchema,
  type AnalysisRef,
  type IdempotencyRecord,
  type KeptAnswer,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { analysisFolder } from './analyses';
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

/** Of each analysis the answers that tell of it, beside that of the request which made it. */
export function keptAnswers(store: ObjectStore) {
  const folder = (ref: AnalysisRef) => `${analysisFolder(ref)}/answers/`;
  const collection = createCollection(store, {
    schema: keptAnswerSchema,
    keyOf: (ref: AnalysisRef & { key_sha256: string }) => `${folder(ref)}${ref.key_sha256}.json`,
    refOf: ({ tenant, analysis_id, key_sha256 }) => ({ tenant, analysis_id, key_sha256 }),
  });
  return {
    put: (answer: KeptAnswer) => collection.put(answer),
    of: (ref: AnalysisRef) => collection.list(folder(ref)),
  };
}

type AnswerRecords = {
  idempotency: Collection<IdempotencyRef, IdempotencyRecord>;
  keptAnswers: ReturnType<typeof keptAnswers>;
};
type Made = { tenant: string; id: string; idempotency_key_sha256?: string };

/** Has nobody hear again of an analysis that is deleted: the keys answer that it is gone. @returns how many do */
export async function forgetAnswers(records: AnswerRecords, made: Made): Promise<number> {
  let forgotten = await forgetMaking(records, made);
  const ref = { tenant: made.tenant, analysis_id: made.id };
  for await (const { doc } of records.keptAnswers.of(ref)) {
    forgotten += await forget(records, doc, ({ fingerprint }) => fingerprint === doc.fingerprint);
  }
  return forgotten;
}

/** The same of the one request that made something. @returns 1 where there was an answer */
export async function forgetMaking(
  records: Pick<AnswerRecords, 'idempotency'>,
  { tenant, id, idempotency_key_sha256: key_sha256 }: Made,
): Promise<number> {
  if (key_sha256 === undefined) return 0;
  return forget(records, { tenant, key_sha256 }, ({ planned_id }) => planned_id === id);
}

type Answered = Extract<IdempotencyRecord, { state: 'answered' }>;

async function forget(
  { idempotency }: Pick<AnswerRecords, 'idempotency'>,
  ref: IdempotencyRef,
  isOfIt: (answer: Answered) => boolean,
): Promise<number> {
  const answer = await idempotency.get(ref);
  if (answer?.state !== 'answered' || answer.sealed === undefined || !isOfIt(answer)) return 0;
  await idempotency.put({ ...answer, sealed: undefined });
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
