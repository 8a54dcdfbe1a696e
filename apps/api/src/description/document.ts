import { EVENT_TYPES, eventOperation } from './events';
import { inputSchema, namedSchemas } from './json-schema';
import type { DescribedOperation, MediaTypes } from './openapi';
import { HEADERS, isSchema, TAGS, type Content, type Operation } from './operation';
import { OPERATIONS } from './operations';
import { parametersOf } from './parameters';
import { answersOf, refusalsOf } from './responses';

/** `keyless`: nobody needs a key here, as long as there is none. */
export type Access = 'keyless' | 'keyed';

export type ApiDocument = ReturnType<typeof describeApi>;

const ABOUT = `Is this voice real, or cloned? Recordings go in one by one, by a link, or as whole archives; out
come calibrated probabilities, a verdict, a timeline and the reasons. Three ways to learn of an end: wait
(\`?wait=\`), be called back (webhooks), or listen (server-sent events).

Every refusal is a problem document (RFC 9457) whose \`code\` is stable and whose \`type\` leads to a page about it.
Every creating POST takes an \`Idempotency-Key\`. Lists are paged by \`cursor\`. Times are ISO 8601 in UTC.`;

const SECURITY: Record<Access, Record<string, string[]>[]> = {
  keyless: [{}, { bearer: [] }, { header: [] }],
  keyed: [{ bearer: [] }, { header: [] }],
};

/** The whole API as OpenAPI 3.1, from the schemas by which the routes read and write. */
export function describeApi(access: Access) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'bonafide',
      version: '1',
      description: ABOUT,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: SECURITY[access],
    paths: describedPaths(),
    webhooks: Object.fromEntries(EVENT_TYPES.map((type) => [type, { post: eventOperation(type) }])),
    components: {
      schemas: namedSchemas(),
      responses: Object.fromEntries(
        OPERATIONS.flatMap(refusalsOf).map(({ name, response }) => [name, response]),
      ),
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, description]) => [
          name,
          { description, required: name === 'X-Request-Id', schema: { type: 'string' } },
        ]),
      ),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A key, bf_…, as `Authorization: Bearer`.' },
        header: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key.' },
      },
    },
  };
}

function describedPaths(): Record<string, Record<string, DescribedOperation>> {
  const paths: Record<string, Record<string, DescribedOperation>> = {};
  for (const operation of OPERATIONS) (paths[operation.path] ??= {})[operation.method] = describe(operation);
  return paths;
}

function describe(operation: Operation): DescribedOperation {
  const { id, tag, summary, description, scope, body } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(scope === null ? { security: [] } : { 'x-scope': scope }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: !body.isOptional, content: bodyTypes(body.content) } }),
    responses: answersOf(operation),
  };
}

function bodyTypes(content: Content): MediaTypes {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      { schema: isSchema(schema) ? inputSchema(schema) : schema },
    ]),
  );
}
