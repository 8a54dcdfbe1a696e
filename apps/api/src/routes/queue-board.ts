import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { requireOperator } from '../operator';

export const QUEUE_BOARD_PATH = '/admin/queues';

/** The queues for the operator's eye and hand, in a browser. Not there unless BULL_BOARD=1. */
export function queueBoardRoutes(context: ApiContext): Router {
  const routes = Router();
  if (!context.config.operation.hasQueueBoard) return routes;
  const { queues } = context;
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(QUEUE_BOARD_PATH);
  createBullBoard({
    queues: queues.names.map((name) => new BullMQAdapter(queues.of(name))),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'bonafide' } },
  });
  return routes.use(QUEUE_BOARD_PATH, requireOperator(context), serverAdapter.getRouter() as Router);
}
