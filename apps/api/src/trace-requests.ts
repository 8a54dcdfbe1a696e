import { withRequestSpan } from '@bonafide/platform';
import type { RequestHandler } from 'express';
import { patternOf } from './request-pattern';

/** Begins a trace with each request; the jobs that come of it go on with it in whatever process runs them. */
export const traceRequest: RequestHandler = (request, response, next) => {
  const { method } = request;
  const requestId = String(response.get('X-Request-Id') ?? '');
  withRequestSpan(method, { 'http.request.method': method, 'bonafide.request_id': requestId }, (span) => {
    response.once('close', () => {
      const route = patternOf(request);
      span.updateName(`${method} ${route}`);
      span.setAttributes({ 'http.route': route, 'http.response.status_code': response.statusCode });
      span.end();
    });
    next();
  });
};
