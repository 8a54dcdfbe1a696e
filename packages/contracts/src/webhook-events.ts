import { z } from 'zod';
import { analysisErrorSchema } from './analysis';
import { batchStatusSchema } from './batches';
import { analysisIdSchema, batchIdSchema, endpointIdSchema, sha256Schema, timestampSchema } from './identity';
import { daySchema, findingSchema } from './monitoring';
import { decisionCodeSchema, profileSchema, verdictSchema } from './report';

/** What an endpoint can ask to be told. */
export const SUBSCRIBABLE_EVENTS = [
  'analysis.succeeded',
  'analysis.failed',
  'analysis.canceled',
  'batch.completed',
  'batch.canceled',
  'batch.failed',
  'endpoint.disabled',
  'model.drift',
] as const;
export const subscribableEventSchema = z.enum(SUBSCRIBABLE_EVENTS);
/** `webhook.test` goes to whoever asks for it, subscribed or not. */
export const eventTypeSchema = z.enum([...SUBSCRIBABLE_EVENTS, 'webhook.test']);

/** The most that a body may have (Standard Webhooks); whoever wants more follows the link. */
export const MAX_EVENT_BYTES = 20_000;

/** What a report comes to. The whole report is behind the link. */
export const verdictSummarySchema = z.object({
  verdict: verdictSchema,
  p_fake: z.number().min(0).max(1),
  threshold: z.object({ profile: profileSchema, value: z.number() }),
  decision: z.object({
    status: z.enum(['conclusive', 'inconclusive']),
    reasons: z.array(decisionCodeSchema),
  }),
  partially_cloned: z.boolean(),
  duration_sec: z.number(),
  model_version: z.string(),
  cached: z.boolean(),
});

const links = z.object({ self: z.string() });

/** An analysis that has ended. `result` where it succeeded, `error` where it failed. */
export const analysisEventDataSchema = z.object({
  id: analysisIdSchema,
  status: z.enum(['succeeded', 'failed', 'canceled']),
  created_at: timestampSchema,
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema,
  filename: z.string(),
  sha256: sha256Schema.nullable(),
  custom_id: z.string().optional(),
  label: z.string().optional(),
  batch_id: batchIdSchema.optional(),
  item: z.number().int().min(0).optional(),
  result: verdictSummarySchema.optional(),
  error: analysisErrorSchema.optional(),
  links,
});

/** A batch that has ended, and how its entries did. */
export const batchEventDataSchema = z.object({
  id: batchIdSchema,
  status: batchStatusSchema,
  created_at: timestampSchema,
  finished_at: timestampSchema,
  counts: z.record(z.string(), z.number().int().min(0)),
  custom_id: z.string().optional(),
  label: z.string().optional(),
  error: analysisErrorSchema.optional(),
  links,
});

export const disablementReasonSchema = z.enum(['gone', 'failing']);

export const endpointEventDataSchema = z.object({
  id: endpointIdSchema,
  url: z.string(),
  reason: disablementReasonSchema,
  detail: z.string(),
  disabled_at: timestampSchema,
  links,
});

/** What comes in, or what is answered, is no longer as it was. */
export const driftEventDataSchema = z.object({ day: daySchema, ...findingSchema.shape, links });

export const testEventDataSchema = z.object({ message: z.string(), endpoint_id: endpointIdSchema });

function eventOf<T extends z.infer<typeof eventTypeSchema>, D extends z.ZodType>(type: T, data: D) {
  return z.object({ type: z.literal(type), timestamp: timestampSchema, data });
}

/** The body of a webhook: what happened, when, and to what. */
export const webhookEventSchema = z.discriminatedUnion('type', [
  eventOf('analysis.succeeded', analysisEventDataSchema),
  eventOf('analysis.failed', analysisEventDataSchema),
  eventOf('analysis.canceled', analysisEventDataSchema),
  eventOf('batch.completed', batchEventDataSchema),
  eventOf('batch.canceled', batchEventDataSchema),
  eventOf('batch.failed', batchEventDataSchema),
  eventOf('endpoint.disabled', endpointEventDataSchema),
  eventOf('model.drift', driftEventDataSchema),
  eventOf('webhook.test', testEventDataSchema),
]);

export type SubscribableEvent = z.infer<typeof subscribableEventSchema>;
export type EventType = z.infer<typeof eventTypeSchema>;
export type VerdictSummary = z.infer<typeof verdictSummarySchema>;
export type AnalysisEventData = z.infer<typeof analysisEventDataSchema>;
export type BatchEventData = z.infer<typeof batchEventDataSchema>;
export type WebhookEvent = z.infer<typeof webhookEventSchema>;
