import type { CreateDocumentOptions } from 'zod-openapi';

type Override = NonNullable<CreateDocumentOptions['override']>;

/** The same class of characters for readers of regular expressions that know no Unicode properties. */
const NO_CONTROL = '\\P{Cc}';
const PORTABLE_NO_CONTROL = '[^\\x00-\\x1f\\x7f-\\x9f]';

/**
 * What zod says of a schema that helps no reader: the bounds of exact integers, and the long pattern of a
 * time that its format already names.
 */
export const adjustSchema: Override = ({ jsonSchema, io }) => {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.pattern?.includes(NO_CONTROL)) {
    jsonSchema.pattern = jsonSchema.pattern.replaceAll(NO_CONTROL, PORTABLE_NO_CONTROL);
  }
  if (io === 'output' && jsonSchema.format === 'date-time') delete jsonSchema.pattern;
};
