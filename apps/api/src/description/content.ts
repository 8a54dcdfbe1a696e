import { z } from 'zod';
import type { JsonSchema } from './openapi';
import type { Operation } from './operation';

/** A file in a form. */
function binary(description: string) {
  return z.unknown().meta({ description, type: 'string', format: 'binary', minLength: 1 });
}

/** One event of a stream; what is in `data` tells at least the `status` reached. */
const EVENT: JsonSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Where to go on, as `Last-Event-ID`.' },
    event: { type: 'string', description: 'What happened.' },
    data: {
      type: 'string',
      contentMediaType: 'application/json',
      contentSchema: { type: 'object', properties: { status: { type: 'string' } }, required: ['status'] },
    },
  },
  required: ['data'],
};

/** What all event streams have in common. */
export function eventStream(path: z.ZodObject): Pick<Operation, 'description' | 'parameters' | 'answers'> {
  return {
    description:
      'Progress as it comes; ends after the terminal event. A reader that was cut off goes on by `Last-Event-ID`.',
    parameters: {
      path,
      header: z.object({
        'Last-Event-ID': z
          .string()
          .optional()
          .meta({ description: 'The `id` of the last event that was read.' }),
      }),
    },
    answers: {
      200: {
        description: 'Events: `id`, `event`, and `data` in JSON.',
        content: { 'text/event-stream': EVENT },
        headers: ['Cache-Control'],
      },
      204: { description: 'The event that `Last-Event-ID` names was the last.' },
    },
  };
}

/** What the name of a field cannot hold: it stands in a header of its part (RFC 7578, 4.2; RFC 9110, 5.5). */
const FIELD_NAMES = { pattern: '^[^\\x00-\\x1f\\x7f]*$' };

/** A form with a file in it; further fields may stand beside those that have a meaning. */
export const form = (fields: z.ZodObject, file: string) =>
  fields.extend({ file: binary(file) }).meta({ propertyNames: FIELD_NAMES });
