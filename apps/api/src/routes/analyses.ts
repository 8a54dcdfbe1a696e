import {
  analysesQuerySchema,
  analysisIdSchema,
  CodedError,
  isTerminal,
  UPLOAD_FIELDS,
  waitQuerySchema,
  type Analysis,
  type AnalysisRef,
  type Submission,
} from '@bonafide/contracts';
import { Router, type Request, type Response } from 'express';
import { awaitAnalysis } from '../await-analysis';
import type { ApiContext } from '../context';
import { cancelAnalysis, removeAnalysis } from '../end-analysis';
import { jsonBody, readQuery } from '../json-body';
import { listAnalyses } from '../list-analyses';
import { onlyMethods } from '../problems';
import { pathOf, viewQueued } from '../read-analysis';
import { callerGone, type LocalResponse } from '../requests';
import { submit, submittedBefore } from '../submit';
import { submitNamed } from '../submit-named';

const RETRY_AFTER_SEC = 1;

export function analysesRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/analyses')
    .get(async (request, response: LocalResponse) => {
      const query = readQuery(request, analysesQuerySchema);
      const page = await listAnalyses(context, response.locals.tenant, query);
      response.set('Cache-Control', 'no-store').json(page);
    })
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const before = await submittedBefore(context, request, response);
      const submission = before ?? (await takeIn(context, request, response));
      answerAccepted(response, viewQueued(submission));
    })
    .all(onlyMethods('GET, HEAD, POST'));
  routes
    .route('/v1/analyses/:id')
    .get(async (request, response: LocalResponse) => {
      const ref = refOf(request, response);
      const waitSec = readWaitSec(request.query);
      const analysis = await awaitAnalysis(context, ref, { waitSec, signal: callerGone(response) });
      if (!isTerminal(analysis.status)) response.set('Retry-After', String(RETRY_AFTER_SEC));
      response.set('Cache-Control', 'no-store').json(analysis);
    })
    .delete(async (request, response: LocalResponse) => {
      response.json(await removeAnalysis(context, refOf(request, response)));
    })
    .all(onlyMethods('GET, HEAD, DELETE'));
  routes
    .route('/v1/analyses/:id/cancel')
    .post(async (request, response: LocalResponse) => {
      response.json(await cancelAnalysis(context, refOf(request, response)));
    })
    .all(onlyMethods('POST'));
  return routes;
}

function takeIn(context: ApiContext, request: Request, { locals }: LocalResponse): Promise<Submission> {
  return request.is('multipart/form-data')
    ? submit(context, request, { ...locals, fields: UPLOAD_FIELDS })
    : submitNamed(context, request, locals);
}

/** 202: taken in, and where to look for what becomes of it. */
export function answerAccepted(response: Response, analysis: Analysis): void {
  response
    .status(202)
    .location(pathOf(analysis.id))
    .set('Retry-After', String(RETRY_AFTER_SEC))
    .json(analysis);
}

/** What cannot be an id names nothing. */
export function refOf(request: Request<{ id: string }>, { locals }: LocalResponse): AnalysisRef {
  const parsed = analysisIdSchema.safeParse(request.params.id);
  if (!parsed.success) throw new CodedError('not_found', 'There is no such analysis');
  return { tenant: locals.tenant, analysis_id: parsed.data };
}

function readWaitSec(query: unknown): number {
  const parsed = waitQuerySchema.safeParse(query);
  if (!parsed.success) throw new CodedError('invalid_request', 'wait is a number of seconds, at least 0');
  return parsed.data.wait;
}
