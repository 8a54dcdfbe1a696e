import { z } from 'zod';
import { retentionSchema } from './duration';
import { httpUrlSchema } from './http-url';
import { uploadIdSchema } from './identity';
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

export const MAX_CALLER_NAME = 200;

/** A name of the caller's own, as it is echoed: no control characters, which would act in a report. */
export const callerNameSchema = z
  .string()
  .min(1)
  .max(MAX_CALLER_NAME)
  .regex(/^\P{Cc}+$/u, { error: 'must not hold control characters' });

/** Text fields that may accompany the file. Others are ignored. */
export const submissionOptionsSchema = z.object({
  profile: profileSchema.optional(),
  ensemble: ensembleSchema.optional(),
  /** What the list of analyses can be asked for; many may bear the same. */
  label: callerNameSchema.optional(),
  /** The caller's own id of this one. */
  custom_id: callerNameSchema.optional(),
  /** How long the recording outlives its analysis. */
  retention: retentionSchema.optional(),
  /** Told of the end beside the registered endpoints, signed with the secret of `GET /v1/webhook-secret`. */
  webhook_url: httpUrlSchema.optional(),
});

/** JSON body of `POST /v1/analyses` for a recording that was uploaded directly. */
export const uploadSubmissionSchema = z.strictObject({
  upload_id: uploadIdSchema,
  /** Instead of the name that the upload was announced with. */
  filename: z.string().min(1).max(1_000).optional(),
  ...submissionOptionsSchema.shape,
});

/** JSON body of `POST /v1/analyses` for a recording that is to be fetched. */
export const urlSubmissionSchema = z.strictObject({
  url: httpUrlSchema,
  /** Instead of the last part of the address. */
  filename: z.string().min(1).max(1_000).optional(),
  ...submissionOptionsSchema.shape,
});

/** The field that carries the recording. */
export const UPLOAD_FIELDS = ['file'] as const;
/** The one-call endpoint also takes the names that its older clients use. */
export const LEGACY_UPLOAD_FIELDS = ['file', 'audio', 'audio_file', 'voice_file'] as const;

export type SubmissionOptions = z.infer<typeof submissionOptionsSchema>;
export type UploadSubmission = z.infer<typeof uploadSubmissionSchema>;
export type UrlSubmission = z.infer<typeof urlSubmissionSchema>;
