import { z } from 'zod';
import { callerNameSchema } from './http';
import {
  analysisIdSchema,
  analysisRefSchema,
  feedbackIdSchema,
  keyIdSchema,
  sha256Schema,
  tenantSchema,
  timestampSchema,
} from './identity';
import { pageSchema } from './paging';
import { ensembleSchema, verdictSchema } from './report';

/** What the recording is, by somebody who knows, or `unsure` where nobody does. */
export const feedbackLabelSchema = z.enum(['real', 'fake', 'unsure']);

const note = z
  .string()
  .max(2_000)
  .regex(/^(?:\P{Cc}|[\n\r\t])*$/u, { error: 'must not hold control characters' });

/** Body of `POST /v1/analyses/{id}/feedback`. */
export const feedbackCreationSchema = z.strictObject({
  label: feedbackLabelSchema,
  /** Who or what says so, such as `investigation` or `call-back`. */
  source: callerNameSchema.optional(),
  note: note.optional(),
  /** The generator that made it, where it is known to be cloned: retraining groups by it. */
  generator: callerNameSchema.optional(),
  /** Whether the recording may be kept for training. */
  consent: z.boolean().default(false),
});

/** What the service had said, so that it can be held against the label when the analysis is gone. */
export const toldSchema = z.object({
  verdict: verdictSchema,
  p_fake: z.number().min(0).max(1),
  threshold: z.number().min(0).max(1),
  decision: z.enum(['conclusive', 'inconclusive']),
  ensemble: ensembleSchema,
  model_version: z.string(),
});

/** Written once and never changed; a revocation is a document of its own beside it. */
export const feedbackRecordSchema = z.object({
  format: z.literal(1),
  id: feedbackIdSchema,
  tenant: tenantSchema,
  analysis_id: analysisIdSchema,
  created_at: timestampSchema,
  /** The key it was given with; null where there are no keys. */
  created_by: keyIdSchema.nullable(),
  request_id: z.string().optional(),
  ...feedbackCreationSchema.shape,
  told: toldSchema,
  filename: z.string(),
  sha256: sha256Schema,
  /** Until when the copy for training is kept; null where none was made. */
  kept_until: timestampSchema.nullable(),
});

export const feedbackRevocationSchema = z.object({
  format: z.literal(1),
  id: feedbackIdSchema,
  tenant: tenantSchema,
  analysis_id: analysisIdSchema,
  revoked_at: timestampSchema,
  revoked_by: keyIdSchema.nullable(),
  request_id: z.string().optional(),
});

/** Feedback as people see it, revoked or not. */
export const feedbackSchema = feedbackRecordSchema
  .omit({ format: true, tenant: true, request_id: true, filename: true, sha256: true })
  .extend({ revoked_at: timestampSchema.nullable(), revoked_by: keyIdSchema.nullable() });

export const feedbackPageSchema = pageSchema(feedbackSchema);

export const feedbackRefSchema = analysisRefSchema.extend({ feedback_id: feedbackIdSchema });

export type FeedbackLabel = z.infer<typeof feedbackLabelSchema>;
export type FeedbackCreation = z.infer<typeof feedbackCreationSchema>;
export type FeedbackRecord = z.infer<typeof feedbackRecordSchema>;
export type FeedbackRevocation = z.infer<typeof feedbackRevocationSchema>;
export type Feedback = z.infer<typeof feedbackSchema>;
export type FeedbackRef = z.infer<typeof feedbackRefSchema>;
