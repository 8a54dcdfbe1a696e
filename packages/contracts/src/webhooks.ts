import { z } from 'zod';
import { endpointIdSchema, tenantSchema, timestampSchema, deliveryIdSchema } from './identity';

export const eventTypeSchema = z.enum([
  'analysis.succeeded',
  'analysis.failed',
  'analysis.canceled',
  'batch.completed',
  'batch.canceled',
  'batch.failed',
]);

/** An endpoint as it is kept. */
export const endpointRecordSchema = z.object({
  format: z.literal(1),
  id: endpointIdSchema,
  tenant: tenantSchema,
  url: z.url(),
  events: z.array(eventTypeSchema),
  enabled: z.boolean(),
  created_at: timestampSchema,
});

/** A delivery as it is kept. */
export const deliveryRecordSchema = z.object({
  format: z.literal(1),
  id: deliveryIdSchema,
  tenant: tenantSchema,
  endpoint_id: endpointIdSchema,
  type: eventTypeSchema,
  created_at: timestampSchema,
});

export type EventType = z.infer<typeof eventTypeSchema>;
export type EndpointRecord = z.infer<typeof endpointRecordSchema>;
export type DeliveryRecord = z.infer<typeof deliveryRecordSchema>;
