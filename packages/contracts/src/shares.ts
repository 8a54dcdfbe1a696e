import { z } from 'zod';
import { analysisSchema } from './analysis';
import { timestampSchema } from './identity';

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

/** A link that shows one analysis to whoever has it, until it expires or the analysis is deleted. */
export const shareSchema = z.object({ token: z.string(), path: z.string(), expires_at: timestampSchema });

/** Body of `GET /v1/shared/{token}`. */
export const sharedAnalysisSchema = z.object({ analysis: analysisSchema, expires_at: timestampSchema });

export type Share = z.infer<typeof shareSchema>;
export type SharedAnalysis = z.infer<typeof sharedAnalysisSchema>;
