import { CodedError, problemOf, type ErrorCode } from '@bonafide/contracts';
import { redisFault, type Logger } from '@bonafide/platform';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Locals } from './requests';

const RETRY_AFTER_SEC = 2;
/** How long the rest of a refused upload is read and thrown away, so that the sender sees the answer. */
const DISCARD_MS = 10_000;

export const noSuchPath: RequestHandler = (request) => {
  throw new CodedError('not_found', `There is no ${request.path} here`);
};

/** For a path that exists, whatever method it is asked with: `allowed` as in the Allow header. */
export function onlyMethods(allowed: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', allowed);
    throw new CodedError('method_not_allowed', `Only ${allowed} here`);
  };
}

/** The one place where an error becomes an answer. What is not coded is a fault of ours and is not shown. */
export function answerProblem(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = toCoded(thrown);
    const { requestId } = response.locals as Locals;
    if (error.status >= 500) log.error({ err: thrown, request_id: requestId }, 'a request failed');
    if (response.headersSent) {
      next(thrown);
      return;
    }
    discardBody(request);
    if (error.retryable && !response.get('Retry-After')) {
      response.set('Retry-After', String(RETRY_AFTER_SEC));
    }
    const problem = problemOf(error.code, error.message, requestId);
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
}

function toCoded(thrown: unknown): CodedError {
  const error = redisFault(thrown);
  if (error instanceof CodedError) return error;
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const detail =
      type === 'entity.parse.failed'
        ? 'The body is not valid JSON, or neither an object nor a list'
        : undefined;
    return new CodedError(codeOfStatus(status), detail, { cause: error });
  }
  return new CodedError('internal_error', undefined, { cause: error });
}

/** The framework's own refusals, such as a path that is not valid percent-encoding. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 413) return 'body_too_large';
  return status === 415 ? 'unsupported_media_type' : 'invalid_request';
}

function discardBody(request: Request): void {
  if (request.complete || request.destroyed) return;
  const timer = setTimeout(() => request.destroy(), DISCARD_MS);
  request.once('close', () => clearTimeout(timer));
  request.resume();
}
