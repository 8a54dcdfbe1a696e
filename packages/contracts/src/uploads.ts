import { z } from 'zod';
import { sha256Schema, tenantSchema, timestampSchema, uploadIdSchema } from './identity';

/** A direct upload as it was announced. Never changed. */
export const uploadRecordSchema = z.object({
  format: z.literal(1),
  id: uploadIdSchema,
  tenant: tenantSchema,
  created_at: timestampSchema,
  expires_at: timestampSchema,
  filename: z.string(),
  bytes: z.number().int().positive(),
  sha256: sha256Schema,
});

export type UploadRecord = z.infer<typeof uploadRecordSchema>;
