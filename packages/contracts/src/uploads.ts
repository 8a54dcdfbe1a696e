import { z } from 'zod';
import { sha256Schema, tenantSchema, timestampSchema, uploadIdSchema } from './identity';

/** A direct upload as it was announced. Only its end is ever changed, to an earlier one. */
export const uploadRecordSchema = z.object({
  format: z.literal(1),
  id: uploadIdSchema,
  tenant: tenantSchema,
  created_at: timestampSchema,
  /** From then on nothing can be made of it, and it is removed. */
  expires_at: timestampSchema,
  filename: z.string(),
  bytes: z.number().int().positive(),
  sha256: sha256Schema,
  idempotency_key_sha256: sha256Schema.optional(),
});

/** Body of `POST /v1/uploads`: what will be sent, so that nothing else can be. */
export const uploadRequestSchema = z.strictObject({
  length: z.number().int().positive(),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, { error: 'is the SHA-256 of the file in hexadecimal' })
    .transform((text) => text.toLowerCase()),
  filename: z.string().min(1).max(1_000),
});

/**
 * A direct upload as its client sees it. It may be used for any number of analyses until it expires: when a
 * recording that was made of it is to go, or an archive has been taken in, at the latest.
 */
export const uploadSchema = z.object({
  id: uploadIdSchema,
  filename: z.string(),
  length: z.number().int(),
  sha256: sha256Schema,
  created_at: timestampSchema,
  expires_at: timestampSchema,
  /** Whether the bytes have come. */
  received: z.boolean(),
});

/** The request that brings the bytes: to be sent as it stands, with the file as its body. */
export const uploadLinkSchema = z.object({
  method: z.literal('PUT'),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  expires_at: timestampSchema,
});

/** Answer of `POST /v1/uploads`. */
export const createdUploadSchema = uploadSchema.extend({ upload_id: uploadIdSchema, put: uploadLinkSchema });

export type UploadRecord = z.infer<typeof uploadRecordSchema>;
export type UploadRequest = z.infer<typeof uploadRequestSchema>;
export type Upload = z.infer<typeof uploadSchema>;
export type UploadLink = z.infer<typeof uploadLinkSchema>;
export type CreatedUpload = z.infer<typeof createdUploadSchema>;
