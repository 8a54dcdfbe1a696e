import { createHash } from 'node:crypto';
import { CodedError } from '@bonafide/contracts';
import { json, type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import type { LocalResponse } from './requests';

const MAX_BODY_BYTES = 1024 * 1024;

/** Reads a JSON body into `request.body` and notes its hash. Mounted on the routes that take one. */
export function jsonBody({ maxBytes = MAX_BODY_BYTES } = {}): RequestHandler {
  const parse = json({ limit: maxBytes });
  return (request, response, next) => {
    if (request.is('application/json')) noteContent(request, response as LocalResponse);
    parse(request, response, next);
  };
}

/** The bytes as they are sent, packed or not: whoever compares another request with this one does not unpack it. */
function noteContent(request: Request, { locals }: LocalResponse): void {
  const hash = createHash('sha256');
  request.on('data', (chunk: Buffer) => hash.update(chunk));
  request.once('end', () => (locals.contentSha256 = hash.digest('hex')));
}

/** The body as its schema has it. @throws CodedError naming every fault */
export function readBody<S extends z.ZodType>(request: Request, schema: S): z.infer<S> {
  if (!request.is('application/json')) {
    throw new CodedError('unsupported_media_type', 'The body is to be sent as application/json');
  }
  return readValid(schema, request.body);
}

/** The query as its schema has it. @throws CodedError naming every fault */
export function readQuery<S extends z.ZodType>(request: Request, schema: S): z.infer<S> {
  return readValid(schema, request.query);
}

/** @throws CodedError `invalid_request` naming every fault */
export function readValid<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new CodedError('invalid_request', faults.join('; '));
}
