import { z } from 'zod';
import { errorCodeSchema } from './errors';
import { retentionSchema } from './duration';
import {
  analysisIdSchema,
  batchIdSchema,
  sha256Schema,
  tenantSchema,
  timestampSchema,
  uploadIdSchema,
} from './identity';
import { ensembleSchema, profileSchema, reportSchema, verdictSchema } from './report';

export const analysisStatusSchema = z.enum(['queued', 'processing', 'succeeded', 'failed', 'canceled']);
export const analysisErrorSchema = z.object({ code: errorCodeSchema, message: z.string() });

/** Written once, before the submission is acknowledged. Never changed. */
export const submissionSchema = z.object({
  format: z.literal(1),
  id: analysisIdSchema,
  tenant: tenantSchema,
  created_at: timestampSchema,
  filename: z.string(),
  bytes: z.number().int().positive(),
  sha256: sha256Schema,
  profile: profileSchema.optional(),
  ensemble: ensembleSchema.optional(),
  request_id: z.string().optional(),
  /** Of the request that made it, where that named an `Idempotency-Key`. */
  fingerprint: sha256Schema.optional(),
  idempotency_key_sha256: sha256Schema.optional(),
  /** Where it is an entry of a batch: of which one, and which entry from 0. */
  batch_id: batchIdSchema.optional(),
  item: z.number().int().min(0).optional(),
  /** The caller's own name for it, echoed wherever it is spoken of. */
  custom_id: z.string().optional(),
  label: z.string().optional(),
  /** Where the recording came from, when not in the request itself. */
  upload_id: uploadIdSchema.optional(),
  source_url: z.url().optional(),
  /** Told of the end beside the registered endpoints. */
  webhook_url: z.url().optional(),
  retention: retentionSchema.optional(),
  /** Scored again by a bundle that was named: the recording is that of the analysis `of`, whose result stays. */
  reanalysis: z
    .object({ of: analysisIdSchema, model_version: z.string(), verdict: verdictSchema.optional() })
    .optional(),
  /** The analysis of the same bytes whose result was taken over. */
  cached_from: analysisIdSchema.optional(),
});

const outcomeBase = {
  format: z.literal(1),
  id: analysisIdSchema,
  tenant: tenantSchema,
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema,
};

/** The terminal transition: created once; whoever comes second finds it there and leaves it. */
export const outcomeSchema = z.discriminatedUnion('status', [
  z.object({ ...outcomeBase, status: z.literal('succeeded'), report: reportSchema }),
  z.object({ ...outcomeBase, status: z.literal('failed'), error: analysisErrorSchema }),
  z.object({ ...outcomeBase, status: z.literal('canceled') }),
]);

/** An analysis as its client sees it. `result` is there once it succeeded, `error` once it failed. */
export const analysisSchema = z.object({
  id: analysisIdSchema,
  status: analysisStatusSchema,
  created_at: timestampSchema,
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema.nullable(),
  progress: z.number().min(0).max(1),
  filename: z.string(),
  sha256: sha256Schema,
  label: z.string().optional(),
  custom_id: z.string().optional(),
  batch_id: batchIdSchema.optional(),
  /** The analysis that this one scores again. */
  reanalysis_of: analysisIdSchema.optional(),
  result: reportSchema.optional(),
  error: analysisErrorSchema.optional(),
  links: z.object({ self: z.string() }),
});

export type AnalysisStatus = z.infer<typeof analysisStatusSchema>;
export type AnalysisError = z.infer<typeof analysisErrorSchema>;
export type Submission = z.infer<typeof submissionSchema>;
export type Outcome = z.infer<typeof outcomeSchema>;
export type Analysis = z.infer<typeof analysisSchema>;

/** Whether nothing will change about the analysis any more. */
export function isTerminal(status: string): status is Outcome['status'] {
  return status === 'succeeded' || status === 'failed' || status === 'canceled';
}
