import { z } from 'zod';
import { explainFields } from './glossary';
import type { JsonSchema } from './openapi';
import { NAMED_SCHEMAS } from './schemas';

const NAMES = new Map<unknown, string>(Object.entries(NAMED_SCHEMAS).map(([name, schema]) => [schema, name]));

/** The same class of characters for readers of regular expressions that know no Unicode properties. */
const NO_CONTROL = '\\P{Cc}';
const PORTABLE_NO_CONTROL = '[^\\x00-\\x1f\\x7f-\\x9f]';

export const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** What clients may send. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return render(schema, 'input');
}

/** What the service answers; schemas with a name are pointed to. */
export function outputSchema(schema: z.ZodType): JsonSchema {
  const name = NAMES.get(schema);
  return name === undefined ? render(schema, 'output') : refTo(name);
}

/** The schemas that have a name, in full. */
export function namedSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(NAMED_SCHEMAS).map(([name, schema]) => [name, render(schema, 'output')]),
  );
}

function render(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rendered } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const name = (zodSchema as unknown) === schema ? undefined : NAMES.get(zodSchema);
      if (name !== undefined && io === 'output') pointTo(name, jsonSchema as JsonSchema);
      else tidy(jsonSchema as JsonSchema, io);
    },
  });
  const described = rendered as JsonSchema;
  explainFields(described);
  return described;
}

function pointTo(name: string, jsonSchema: JsonSchema): void {
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof JsonSchema];
  Object.assign(jsonSchema, refTo(name));
}

/** Takes away what helps no reader: the bounds of exact integers, the pattern of a time that its format names. */
function tidy(jsonSchema: JsonSchema, io: 'input' | 'output'): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (io === 'output' && jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.prefixItems) widen(jsonSchema, jsonSchema.prefixItems);
  jsonSchema.pattern &&= jsonSchema.pattern.replaceAll(NO_CONTROL, PORTABLE_NO_CONTROL);
  if (io === 'output' && jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

/** A row of so many alike: what every reader of OpenAPI understands, unlike a list of schemas by place. */
function widen(jsonSchema: JsonSchema, places: JsonSchema[]): void {
  if (new Set(places.map((place) => JSON.stringify(place))).size !== 1) return;
  delete jsonSchema.prefixItems;
  Object.assign(jsonSchema, { items: places[0], minItems: places.length, maxItems: places.length });
}
