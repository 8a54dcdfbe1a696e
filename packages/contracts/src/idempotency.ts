import { z } from 'zod';
import { analysisIdSchema, sha256Schema, tenantSchema, timestampSchema } from './identity';

/** The key as in the IETF draft: a string, with or without the quotes of a structured field. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);

const base = { format: z.literal(1), tenant: tenantSchema, key_sha256: sha256Schema };

/**
 * What became of a request that named a key. While it runs, `lease_until` is renewed: one that passed
 * belongs to a process that is gone. Whoever goes on then makes under `planned_id` what that one may have made
 * already. `sealed` is the answer, readable only with the key itself; absent once what it tells of is deleted.
 */
export const idempotencyRecordSchema = z.discriminatedUnion('state', [
  z.object({
    ...base,
    state: z.literal('running'),
    lease_until: timestampSchema,
    owner: z.uuid(),
    planned_id: z.uuidv7().optional(),
  }),
  z.object({
    ...base,
    state: z.literal('answered'),
    fingerprint: sha256Schema,
    expires_at: timestampSchema,
    planned_id: z.uuidv7().optional(),
    sealed: z.string().optional(),
  }),
]);

/** That an answer is kept which tells of an analysis: lies with it, so that it is found when that is deleted. */
export const keptAnswerSchema = z.object({
  format: z.literal(1),
  tenant: tenantSchema,
  analysis_id: analysisIdSchema,
  key_sha256: sha256Schema,
  /** Of the request, by which the answer is known from one that the key has later. */
  fingerprint: sha256Schema,
});

/** The answer as it is given again. */
export const storedAnswerSchema = z.object({
  status: z.number().int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

export type IdempotencyRecord = z.infer<typeof idempotencyRecordSchema>;
export type KeptAnswer = z.infer<typeof keptAnswerSchema>;
export type StoredAnswer = z.infer<typeof storedAnswerSchema>;
