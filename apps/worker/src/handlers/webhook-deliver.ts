import { createOutbound, type JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { deliver, giveUpDelivery } from '../webhooks/deliver';
import { createLanes } from '../webhooks/lanes';

export function webhookDeliver(context: WorkerContext): JobHandler<'webhook.deliver'> {
  const outbound = createOutbound(context.config.webhooks.allowHosts);
  const sender = { context, outbound, lanes: createLanes() };
  return {
    run: ({ payload, signal }) => deliver(sender, payload, signal),
    giveUp: (payload) => giveUpDelivery(context, payload),
  };
}
