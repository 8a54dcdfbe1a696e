import { SUBSCRIBABLE_EVENTS, webhookEventSchema, type EventType } from '@bonafide/contracts';
import { z } from 'zod';
import type { DescribedOperation } from './openapi';
import { outputSchema } from './json-schema';
import { listed } from './parameters';

export const EVENT_TYPES: readonly EventType[] = [...SUBSCRIBABLE_EVENTS, 'webhook.test'];

const WHEN: Record<EventType, string> = {
  'analysis.succeeded': 'An analysis has its result.',
  'analysis.failed': 'An analysis ended without a result; `error` says why.',
  'analysis.canceled': 'An analysis was canceled.',
  'batch.completed': 'Every entry of a batch has ended.',
  'batch.canceled': 'A batch was canceled.',
  'batch.failed': 'An archive could not be read; what was read before stays.',
  'endpoint.disabled': 'An endpoint is called no more: it answered 410, or only failed for days.',
  'model.drift':
    'What comes in, or what is answered, is no longer as it was: each finding once a day, to the tenant that runs the service.',
  'webhook.test': 'Somebody asked for a sample.',
};

const headers = z.object({
  'webhook-id': z
    .string()
    .meta({ description: 'The same for every attempt: what was seen already may be dropped.' }),
  'webhook-timestamp': z.string().meta({ description: 'Of this attempt, in seconds since 1970.' }),
  'webhook-signature': z.string().meta({
    description:
      'One or more `v1,` signatures over `id.timestamp.body`, separated by spaces (Standard Webhooks).',
  }),
});

/** What is sent to endpoints that want this event, described from the receiver's side. */
export function eventOperation(type: EventType): DescribedOperation {
  const schema = webhookEventSchema.options.find((option) => option.shape.type.value === type);
  if (!schema) throw new Error(`no schema for the event ${type}`);
  return {
    operationId: type.replaceAll('.', '_'),
    summary: WHEN[type],
    security: [],
    parameters: listed('header', headers),
    requestBody: { required: true, content: { 'application/json': { schema: outputSchema(schema) } } },
    responses: { '2XX': { description: 'Taken. Anything else is tried again later.', headers: {} } },
  };
}
