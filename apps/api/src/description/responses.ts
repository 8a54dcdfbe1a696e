import { ERROR_CATALOGUE, type ErrorCode } from '@bonafide/contracts';
import { outputSchema, refTo } from './json-schema';
import type { JsonSchema, MediaTypes, Ref, Response } from './openapi';
import { createsSomething, isSchema, type Answer, type HeaderName, type Operation } from './operation';
import { byStatus, problemsOf } from './problems-of';

/** Every answer of an operation by its status; refusals are kept once and pointed to. */
export function answersOf(operation: Operation): Record<string, Response | Ref> {
  const refusals = refusalsOf(operation).map(({ status, name }) => [
    status,
    { $ref: `#/components/responses/${name}` },
  ]);
  const answers = Object.entries(operation.answers).map(([status, answer]) => [
    status,
    answerOf(operation, answer),
  ]);
  return Object.fromEntries([...answers, ...refusals]) as Record<string, Response | Ref>;
}

function answerOf(operation: Operation, { description, content, headers = [], leadsTo }: Answer): Response {
  const common: HeaderName[] = ['X-Request-Id'];
  if (operation.scope !== null) common.push('RateLimit-Policy', 'RateLimit');
  if (createsSomething(operation)) common.push('Idempotency-Replayed', 'Idempotency-Expires');
  return {
    description,
    headers: headerRefs([...common, ...headers]),
    ...(content && { content: answerTypes(content) }),
    ...(leadsTo && { links: linksTo(leadsTo) }),
  };
}

const answerTypes = (content: NonNullable<Answer['content']>): MediaTypes =>
  Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      { schema: isSchema(schema) ? outputSchema(schema) : schema },
    ]),
  );

const linksTo = (operations: readonly string[]): Response['links'] =>
  Object.fromEntries(
    operations.map((operationId) => [operationId, { operationId, parameters: { id: '$response.body#/id' } }]),
  );

const headerRefs = (names: readonly HeaderName[]): Record<string, Ref> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The answers of an operation that refuse; those of one or two codes are shared by all that give them. */
export function refusalsOf(operation: Operation) {
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

function refusal(status: number, codes: readonly ErrorCode[]): Response {
  const isRetryable = codes.some((code) => ERROR_CATALOGUE[code].retryable);
  const more: HeaderName[] = isRetryable ? ['Retry-After'] : status === 401 ? ['WWW-Authenticate'] : [];
  const narrowed: JsonSchema = {
    type: 'object',
    properties: { status: { const: status }, code: { enum: [...codes] } },
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title}.`).join(' '),
    headers: headerRefs(['X-Request-Id', ...more]),
    content: { 'application/problem+json': { schema: { allOf: [refTo('Problem'), narrowed] } } },
  };
}
