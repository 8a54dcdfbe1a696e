import { CodedError, LEGACY_UPLOAD_FIELDS } from '@bonafide/contracts';
import { refOf } from '@bonafide/platform';
import { Router } from 'express';
import { awaitAnalysis } from '../await-analysis';
import type { ApiContext } from '../context';
import { onlyMethods } from '../problems';
import { callerGone, type LocalResponse } from '../requests';
import { submit, submittedBefore } from '../submit';
import { answerAccepted } from './analyses';

/** The original one-call endpoint: the same queued job, waited for, and the bare report as the answer. */
export function voiceDataRoutes(context: ApiContext): Router {
  const routes = Router();
  const waitSec = context.config.http.syncWaitSec;
  routes
    .route('/analyze_voice_data')
    .post(async (request, response: LocalResponse) => {
      const submission =
        (await submittedBefore(context, request, response)) ??
        (await submit(context, request, { ...response.locals, fields: LEGACY_UPLOAD_FIELDS }));
      const signal = callerGone(response);
      const analysis = await awaitAnalysis(context, refOf(submission), { waitSec, signal });
      if (analysis.error) throw new CodedError(analysis.error.code, analysis.error.message);
      if (analysis.status === 'canceled') throw new CodedError('conflict', 'The analysis was canceled');
      if (analysis.result) response.json(analysis.result);
      else answerAccepted(response, analysis);
    })
    .all(onlyMethods('POST'));
  return routes;
}
