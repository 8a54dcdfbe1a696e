import { ERROR_CATALOGUE, idempotencyKeySchema, type ErrorCode } from '@bonafide/contracts';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { EVENT_OPERATIONS } from './events';
import { adjustSchema } from './json-schema';
import { HEADERS, TAGS, createsSomething, type Answer, type HeaderName, type Operation } from './operation';
import { OPERATIONS } from './operations';
import { byStatus, problemsOf } from './problems-of';
import { NAMED_SCHEMAS } from './schemas';

export type ApiDocument = ReturnType<typeof createDocument>;
type Responses = NonNullable<ZodOpenApiOperationObject['responses']>;

/** `keyless`: nobody needs a key here, as long as there is none. */
export type Access = 'keyless' | 'keyed';

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
export function describeApi(access: Access): ApiDocument {
  return createDocument(
    {
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
      paths: pathsOf(OPERATIONS),
      webhooks: EVENT_OPERATIONS,
      components: {
        schemas: NAMED_SCHEMAS,
        responses: Object.fromEntries(
          OPERATIONS.flatMap(refusalsOf).map(({ name, response }) => [name, response]),
        ),
        headers: Object.fromEntries(
          Object.entries(HEADERS).map(([name, text]) => [name, headerOf(name, text)]),
        ),
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'A key, bf_…, as `Authorization: Bearer`.' },
          header: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same key.' },
        },
      },
    },
    { override: adjustSchema },
  );
}

function pathsOf(operations: readonly Operation[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method] = describe(operation);
  return paths;
}

function describe(operation: Operation): ZodOpenApiOperationObject {
  const { id, tag, summary, description, scope, parameters, body } = operation;
  const header = headersOfRequest(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(scope === null ? { security: [] } : { 'x-scope': scope }),
    requestParams: { ...parameters, ...(header && { header }) },
    ...(body && { requestBody: { required: !body.isOptional, content: contentOf(body.content) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [status, answerOf(operation, answer)]),
      ),
      ...Object.fromEntries(
        refusalsOf(operation).map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]),
      ),
    } as Responses,
  };
}

function headersOfRequest(operation: Operation): z.ZodObject | undefined {
  const { parameters } = operation;
  if (!createsSomething(operation)) return parameters?.header;
  return z.object({ ...parameters?.header?.shape, 'Idempotency-Key': idempotencyKey });
}

const idempotencyKey = idempotencyKeySchema.optional().meta({
  description:
    'Makes the request safe to repeat: the same key with the same content gives the first answer again, for a day.',
});

function answerOf(operation: Operation, { description, content, headers = [], leadsTo }: Answer) {
  const common: HeaderName[] = ['X-Request-Id'];
  if (operation.scope !== null) common.push('RateLimit-Policy', 'RateLimit');
  if (createsSomething(operation)) common.push('Idempotency-Replayed', 'Idempotency-Expires');
  return {
    description,
    headers: headerRefs([...common, ...headers]),
    ...(content && { content: contentOf(content) }),
    ...(leadsTo && { links: linksTo(leadsTo) }),
  };
}

const linksTo = (operations: readonly string[]) =>
  Object.fromEntries(
    operations.map((operationId) => [operationId, { operationId, parameters: { id: '$response.body#/id' } }]),
  );

function contentOf(content: NonNullable<Answer['content']>) {
  return Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]));
}

const headerRefs = (names: readonly HeaderName[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` as const }]));

function headerOf(name: string, description: string) {
  return { description, required: name === 'X-Request-Id', schema: { type: 'string' as const } };
}

/** The responses of an operation that refuse; those of one or two codes are shared by all that give them. */
function refusalsOf(operation: Operation) {
  return byStatus(problemsOf(operation))
    .filter(([status]) => !(status in operation.answers))
    .map(([status, codes]) => ({
      status,
      name: codes.length <= 2 ? codes.map(inCapitals).join('Or') : `${inCapitals(operation.id)}${status}`,
      response: refusal(status, codes),
    }));
}

const inCapitals = (name: string) =>
  name.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

function refusal(status: number, codes: readonly ErrorCode[]) {
  const isRetryable = codes.some((code) => ERROR_CATALOGUE[code].retryable);
  const more: HeaderName[] = isRetryable ? ['Retry-After'] : status === 401 ? ['WWW-Authenticate'] : [];
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title}.`).join(' '),
    headers: headerRefs(['X-Request-Id', ...more]),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' as const },
            {
              type: 'object' as const,
              properties: { status: { const: status }, code: { enum: [...codes] } },
            },
          ],
        },
      },
    },
  };
}
