import { z } from 'zod';
import { batchIdSchema, tenantSchema, timestampSchema } from './identity';

export const batchStatusSchema = z.enum(['queued', 'processing', 'completed', 'canceled', 'failed']);

/** A batch as it was handed over. Never changed. */
export const batchRecordSchema = z.object({
  format: z.literal(1),
  id: batchIdSchema,
  tenant: tenantSchema,
  created_at: timestampSchema,
  request_id: z.string().optional(),
});

export type BatchStatus = z.infer<typeof batchStatusSchema>;
export type BatchRecord = z.infer<typeof batchRecordSchema>;
