import { z } from 'zod';
import { ensembleSchema, profileSchema } from './report';

/** Longest long-poll, seconds. A longer wish is answered after this time. */
export const MAX_WAIT_SEC = 30;

/** Query of `GET /v1/analyses/{id}`. */
export const waitQuerySchema = z.object({
  wait: z.coerce
    .number()
    .min(0)
    .default(0)
    .transform((sec) => Math.min(sec, MAX_WAIT_SEC)),
});

/** Text fields that may accompany the file. Others are ignored. */
export const submissionOptionsSchema = z.object({
  profile: profileSchema.optional(),
  ensemble: ensembleSchema.optional(),
});

/** The field that carries the recording. */
export const UPLOAD_FIELDS = ['file'] as const;
/** The one-call endpoint also takes the names that its older clients use. */
export const LEGACY_UPLOAD_FIELDS = ['file', 'audio', 'audio_file', 'voice_file'] as const;

export type SubmissionOptions = z.infer<typeof submissionOptionsSchema>;
