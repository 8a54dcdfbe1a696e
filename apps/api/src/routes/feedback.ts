import {
  CodedError,
  feedbackCreationSchema,
  feedbackIdSchema,
  pageQuerySchema,
  type FeedbackRef,
} from '@bonafide/contracts';
import { giveFeedback, type Speaker } from '@bonafide/platform';
import { Router, type Request } from 'express';
import type { ApiContext } from '../context';
import { listFeedback, oneFeedback, takeBack } from '../feedback';
import { jsonBody, readBody, readQuery } from '../json-body';
import { onlyMethods } from '../problems';
import { pathOf } from '../read-analysis';
import type { LocalResponse } from '../requests';
import { refOf } from './analyses';

/** What people know about a recording that was analysed: said, listed, taken back. */
export function feedbackRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/analyses/:id/feedback')
    .get(async (request, response: LocalResponse) => {
      const page = await listFeedback(context, refOf(request, response), readQuery(request, pageQuerySchema));
      response.set('Cache-Control', 'no-store').json(page);
    })
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const creation = readBody(request, feedbackCreationSchema);
      const said = { creation, speaker: speakerOf(response) };
      const feedback = await giveFeedback(context, refOf(request, response), said);
      response
        .status(201)
        .location(`${pathOf(feedback.analysis_id)}/feedback/${feedback.id}`)
        .json(feedback);
    })
    .all(onlyMethods('GET, HEAD, POST'));
  routes
    .route('/v1/analyses/:id/feedback/:feedback')
    .get(async (request, response: LocalResponse) => {
      const feedback = await oneFeedback(context, feedbackOf(request, response));
      response.set('Cache-Control', 'no-store').json(feedback);
    })
    .delete(async (request, response: LocalResponse) => {
      response.json(await takeBack(context, feedbackOf(request, response), speakerOf(response)));
    })
    .all(onlyMethods('GET, HEAD, DELETE'));
  return routes;
}

const speakerOf = ({ locals }: LocalResponse): Speaker => ({
  keyId: locals.principal.key_id,
  requestId: locals.requestId,
});

function feedbackOf(
  request: Request<{ id: string; feedback: string }>,
  response: LocalResponse,
): FeedbackRef {
  const id = feedbackIdSchema.safeParse(request.params.feedback);
  if (!id.success) throw new CodedError('not_found', 'There is no such feedback');
  return { ...refOf(request, response), feedback_id: id.data.toLowerCase() };
}
