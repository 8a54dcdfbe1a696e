import { z } from 'zod';
import { analysisSchema } from './analysis';
import { analysisIdSchema, keyIdSchema, shareIdSchema, tenantSchema, timestampSchema } from './identity';
import { pageSchema } from './paging';
import { reportSchema } from './report';

const HOUR_SEC = 3_600;
/** A link is for showing a result to somebody, not an archive: at most 30 days. */
export const MAX_SHARE_SEC = 30 * 24 * HOUR_SEC;

/** Body of `POST /v1/analyses/{id}/shares`. */
export const shareRequestSchema = z.object({
  expires_in_sec: z
    .number()
    .int()
    .min(60)
    .max(MAX_SHARE_SEC)
    .default(7 * 24 * HOUR_SEC),
});

/** A link as it is kept: when it ends, never the text that opens it. */
export const shareRecordSchema = z.object({
  format: z.literal(1),
  id: shareIdSchema,
  tenant: tenantSchema,
  analysis_id: analysisIdSchema,
  created_at: timestampSchema,
  /** The key it was made with; null where there are no keys. */
  created_by: keyIdSchema.nullable(),
  expires_at: timestampSchema,
  revoked_at: timestampSchema.nullable(),
  revoked_by: keyIdSchema.nullable(),
});

/** A link that shows one analysis to whoever has it, until it expires, is revoked, or the analysis is deleted. */
export const shareSchema = shareRecordSchema.omit({ format: true, tenant: true });
/** The one answer that holds what opens it. */
export const createdShareSchema = shareSchema.extend({ token: z.string(), path: z.string() });
export const sharesPageSchema = pageSchema(shareSchema);

/** Body of `GET /v1/shared/{token}`. */
export const sharedAnalysisSchema = z.object({
  analysis: analysisSchema,
  /** The first result, where the analysis scores another again and that one is still there. */
  before: reportSchema.optional(),
  expires_at: timestampSchema,
});

export type ShareRequest = z.infer<typeof shareRequestSchema>;
export type ShareRecord = z.infer<typeof shareRecordSchema>;
export type Share = z.infer<typeof shareSchema>;
export type CreatedShare = z.infer<typeof createdShareSchema>;
export type SharedAnalysis = z.infer<typeof sharedAnalysisSchema>;
