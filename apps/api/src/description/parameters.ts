import { idempotencyKeySchema } from '@bonafide/contracts';
import { z } from 'zod';
import type { Parameter } from './openapi';
import { inputSchema } from './json-schema';
import { createsSomething, type Operation } from './operation';

const idempotency = z.object({
  'Idempotency-Key': idempotencyKeySchema.optional().meta({
    description:
      'Makes the request safe to repeat: the same key with the same content gives the first answer again, for a day.',
  }),
});

/** What a request says in its path, its query and its headers. */
export function parametersOf(operation: Operation): Parameter[] {
  const { path, query, header } = operation.parameters ?? {};
  return [
    ...listed('path', path),
    ...listed('query', query),
    ...listed('header', header),
    ...listed('header', createsSomething(operation) ? idempotency : undefined),
  ];
}

export function listed(place: Parameter['in'], fields: z.ZodObject | undefined): Parameter[] {
  if (!fields) return [];
  const { properties = {}, required = [] } = inputSchema(fields);
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    in: place,
    name,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}
