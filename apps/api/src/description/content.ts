import { z } from 'zod';
import type { Operation } from './operation';

/** A file in a form. */
export function binary(description: string) {
  return z.unknown().meta({ description, type: 'string', format: 'binary', minLength: 1 });
}

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
        content: { 'text/event-stream': { type: 'string' } },
        headers: ['Cache-Control'],
      },
    },
  };
}
