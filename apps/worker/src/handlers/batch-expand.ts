import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

export function batchExpand(_context: WorkerContext): JobHandler<'batch.expand'> {
  return {
    run: async () => undefined,
    giveUp: async () => undefined,
  };
}
