import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

export function webhookDeliver(_context: WorkerContext): JobHandler<'webhook.deliver'> {
  return {
    run: async () => undefined,
    giveUp: async () => undefined,
  };
}
