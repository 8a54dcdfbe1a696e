import { CodedError, type Principal } from '@bonafide/contracts';
import type { Logger } from '@bonafide/platform';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { v7 as uuidv7 } from 'uuid';
import type { Planned } from './planned';

/**
 * What every handler may rely on in `response.locals`; the tenant and who asks only behind `authenticate`.
 * `contentSha256` is noted by whoever reads the body of a request, `planned` where it names an `Idempotency-Key`.
 */
export type Locals = {
  requestId: string;
  tenant: string;
  principal: Principal;
  contentSha256?: string;
  planned?: Planned;
};
export type LocalResponse = Response<unknown, Locals>;

/** An id of the caller's is kept when it is harmless in a log line and a header. */
const FOREIGN_ID = /^[A-Za-z0-9._-]{1,64}$/;

const ANALYSIS_PATH = /^\/v1\/analyses\/([0-9a-f-]{36})/i;

/** The analysis that a path is about; undefined where it is about none. */
export const analysisIdIn = (path: string) => ANALYSIS_PATH.exec(path)?.[1].toLowerCase();

/** Gives the request the id under which answer, logs and job are found. */
export function identifyRequest(request: Request, response: LocalResponse, next: NextFunction): void {
  const foreign = request.get('x-request-id') ?? '';
  response.locals.requestId = FOREIGN_ID.test(foreign) ? foreign : uuidv7();
  response.set('X-Request-Id', response.locals.requestId);
  next();
}

/** RFC 9112, 3.2: each request says which host it means. */
export const requireHost: RequestHandler = (request, _response, next) => {
  const isNamed = request.get('host') !== undefined || request.httpVersion === '1.0';
  next(isNamed ? undefined : new CodedError('invalid_request', 'The Host header is missing'));
};

/** One line a request, when it is over. */
export function logRequest(log: Logger): RequestHandler {
  return (request, response, next) => {
    const beganAt = performance.now();
    const { method, path } = request;
    response.once('close', () => {
      const { requestId, principal } = response.locals as Partial<Locals>;
      log.info({
        request_id: requestId,
        analysis_id: analysisIdIn(response.get('Location') ?? path),
        tenant: principal?.tenant,
        key_id: principal?.key_id ?? undefined,
        method,
        path,
        status: response.statusCode,
        duration_ms: Math.round(performance.now() - beganAt),
        aborted: !response.writableFinished || undefined,
      });
    });
    next();
  };
}

/** Aborted when the caller is gone. */
export function callerGone(response: Response): AbortSignal {
  const controller = new AbortController();
  if (response.closed) controller.abort();
  else response.once('close', () => controller.abort());
  return controller.signal;
}
