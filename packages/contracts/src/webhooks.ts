import { z } from 'zod';
import { durationSchema } from './duration';
import { httpUrlSchema } from './http-url';
import {
  analysisIdSchema,
  batchIdSchema,
  deliveryIdSchema,
  endpointIdSchema,
  tenantSchema,
  timestampSchema,
} from './identity';
import {
  disablementReasonSchema,
  eventTypeSchema,
  SUBSCRIBABLE_EVENTS,
  subscribableEventSchema,
} from './webhook-events';

/** As Standard Webhooks has it: `whsec_` and base64 of 24 to 64 random bytes. */
export const signingSecretSchema = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/);

/** The newest first. One that was replaced goes on signing beside it until it expires. */
const secretsSchema = z
  .array(z.object({ secret: signingSecretSchema, expires_at: timestampSchema.nullable() }))
  .min(1)
  .max(2);

/** An endpoint as it is kept; written by its owner's requests alone. */
export const endpointRecordSchema = z.object({
  format: z.literal(1),
  id: endpointIdSchema,
  tenant: tenantSchema,
  url: z.string(),
  events: z.array(subscribableEventSchema).min(1),
  description: z.string().optional(),
  enabled: z.boolean(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  secrets: secretsSchema,
});

/** With what deliveries to the `webhook_url` of single submissions are signed: one for all of a tenant. */
export const tenantSecretsRecordSchema = z.object({
  format: z.literal(1),
  tenant: tenantSchema,
  secrets: secretsSchema,
});

const healthBase = { format: z.literal(1), tenant: tenantSchema, endpoint_id: endpointIdSchema };
/** There from the first failed attempt until one succeeds. */
export const endpointFailingSchema = z.object({ ...healthBase, since: timestampSchema });
/** There while we ourselves keep an endpoint disabled; created once, so that it is told once. */
export const endpointDisablementSchema = z.object({
  ...healthBase,
  at: timestampSchema,
  reason: disablementReasonSchema,
  detail: z.string(),
});

export const attemptErrorSchema = z.enum([
  'timeout',
  'connection_refused',
  'connection_failed',
  'tls_failed',
  'name_not_found',
  'address_not_allowed',
  'redirected',
  'not_successful',
  'endpoint_disabled',
  'worker_crashed',
]);

/** One try to deliver. `response_code` is null where nothing was answered. */
export const attemptSchema = z.object({
  at: timestampSchema,
  status: z.enum(['succeeded', 'failed']),
  response_code: z.number().int().nullable(),
  latency_ms: z.number().int().min(0),
  error: attemptErrorSchema.nullable(),
  detail: z.string().nullable(),
  next_attempt_at: timestampSchema.nullable(),
});

export const deliveryStatusSchema = z.enum(['pending', 'succeeded', 'failed']);

/** A delivery as it is kept. `body` is sent byte by byte; `url` is set where it is of one submission alone. */
export const deliveryRecordSchema = z.object({
  format: z.literal(1),
  id: deliveryIdSchema,
  tenant: tenantSchema,
  endpoint_id: endpointIdSchema,
  url: z.string().optional(),
  type: eventTypeSchema,
  analysis_id: analysisIdSchema.optional(),
  batch_id: batchIdSchema.optional(),
  created_at: timestampSchema,
  request_id: z.string().optional(),
  body: z.string(),
  status: deliveryStatusSchema,
  /** Counts how often the whole schedule was begun: 1 more with each replay. */
  round: z.number().int().min(0),
  /** Attempts of this round. */
  tried: z.number().int().min(0),
  attempts: z.array(attemptSchema),
  next_attempt_at: timestampSchema.nullable(),
});

/** A delivery as its owner sees it. */
export const deliverySchema = deliveryRecordSchema.omit({
  format: true,
  tenant: true,
  body: true,
  round: true,
  tried: true,
});

/** An endpoint as its owner sees it. `disabled` says why where we disabled it ourselves. */
export const endpointSchema = endpointRecordSchema
  .omit({ format: true, tenant: true, secrets: true })
  .extend({
    failing_since: timestampSchema.nullable(),
    disabled: endpointDisablementSchema.pick({ at: true, reason: true, detail: true }).nullable(),
  });
/** The answers that hold the secret itself. */
export const createdEndpointSchema = endpointSchema.extend({ secret: signingSecretSchema });
export const rotatedSecretSchema = z.object({
  secret: signingSecretSchema,
  previous_expires_at: timestampSchema,
});
/** `endpoint_id`: where deliveries to a `webhook_url` are listed and replayed. */
export const tenantSecretSchema = z.object({ secret: signingSecretSchema, endpoint_id: endpointIdSchema });

const eventsSchema = z
  .array(subscribableEventSchema)
  .min(1)
  .max(20)
  .transform((events) => [...new Set(events)]);
const descriptionSchema = z.string().max(500);

/** Body of `POST /v1/webhook-endpoints`. */
export const endpointCreationSchema = z.strictObject({
  url: httpUrlSchema,
  /** Left out: everything. */
  events: eventsSchema.default([...SUBSCRIBABLE_EVENTS]),
  description: descriptionSchema.optional(),
  enabled: z.boolean().default(true),
});

/** Body of `PATCH /v1/webhook-endpoints/{id}`: what is left out stays. */
export const endpointChangeSchema = z.strictObject({
  url: httpUrlSchema.optional(),
  events: eventsSchema.optional(),
  description: descriptionSchema.optional(),
  enabled: z.boolean().optional(),
});

/** Body of the rotations: for how long the old secret still signs beside the new one. */
export const rotationSchema = z.strictObject({ overlap: durationSchema.optional() });

export type EndpointRecord = z.infer<typeof endpointRecordSchema>;
export type TenantSecretsRecord = z.infer<typeof tenantSecretsRecordSchema>;
export type SigningSecrets = EndpointRecord['secrets'];
export type EndpointFailing = z.infer<typeof endpointFailingSchema>;
export type EndpointDisablement = z.infer<typeof endpointDisablementSchema>;
export type DeliveryAttempt = z.infer<typeof attemptSchema>;
export type AttemptError = z.infer<typeof attemptErrorSchema>;
export type DeliveryRecord = z.infer<typeof deliveryRecordSchema>;
export type Delivery = z.infer<typeof deliverySchema>;
export type Endpoint = z.infer<typeof endpointSchema>;
export type RotatedSecret = z.infer<typeof rotatedSecretSchema>;
export type TenantSecret = z.infer<typeof tenantSecretSchema>;
export type CreatedEndpoint = z.infer<typeof createdEndpointSchema>;
export type EndpointCreation = z.infer<typeof endpointCreationSchema>;
export type EndpointChange = z.infer<typeof endpointChangeSchema>;
