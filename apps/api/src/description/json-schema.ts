import type { CreateDocumentOptions } from 'zod-openapi';

type Override = NonNullable<CreateDocumentOptions['override']>;

/**
 * What zod says of a schema that helps no reader: the bounds of exact integers, and the long pattern of a
 * time that its format already names.
 */
export const adjustSchema: Override = ({ jsonSchema, io }) => {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (io === 'output' && jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};
