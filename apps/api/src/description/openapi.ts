/** As much of OpenAPI 3.1 as the description uses. */
export type Ref = { $ref: string };
export type Response = {
  description: string;
  headers: Record<string, Ref>;
  content?: MediaTypes;
  links?: Record<string, { operationId: string; parameters: Record<string, string> }>;
};

export type Parameter = {
  in: 'path' | 'query' | 'header';
  name: string;
  required: boolean;
  description?: string;
  schema: JsonSchema;
};
export type MediaTypes = Record<string, { schema: JsonSchema }>;
export type DescribedOperation = {
  operationId: string;
  tags?: string[];
  summary: string;
  description?: string;
  security?: Record<string, string[]>[];
  'x-scope'?: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: MediaTypes };
  responses: Record<string, Response | Ref>;
};

/** JSON Schema as it stands in the description. */
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  const?: unknown;
  enum?: unknown[];
  description?: string;
  default?: unknown;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  minItems?: number;
  maxItems?: number;
  contentMediaType?: string;
  contentSchema?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};
