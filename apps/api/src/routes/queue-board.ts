import type { Queues } from '@bonafide/platform';
import { Router, type RequestHandler } from 'express';
import type { ApiContext } from '../context';
import { requireOperator } from '../operator';

const QUEUE_BOARD_PATH = '/admin/queues';
/** Its page asks another host for a font: nothing is fetched from outside here. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'";

/** The queues for the operator's eye and hand, in a browser. Not there unless BULL_BOARD=1. */
export function queueBoardRoutes(context: ApiContext): Router {
  const routes = Router();
  if (!context.config.operation.hasQueueBoard) return routes;
  let board: Promise<RequestHandler> | undefined;
  return routes.use(QUEUE_BOARD_PATH, requireOperator(context), async (request, response, next) => {
    response.set('Content-Security-Policy', POLICY);
    board ??= openBoard(context.queues);
    return (await board)(request, response, next);
  });
}

/** Loaded when it is first asked for: few ever do. */
async function openBoard(queues: Queues): Promise<RequestHandler> {
  const [{ createBullBoard }, { BullMQAdapter }, { ExpressAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/express'),
  ]);
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(QUEUE_BOARD_PATH);
  createBullBoard({
    queues: queues.names.map((name) => new BullMQAdapter(queues.of(name))),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'bonafide' } },
  });
  return serverAdapter.getRouter() as RequestHandler;
}
