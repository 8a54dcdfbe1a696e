import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

export function batchFinish(_context: WorkerContext): JobHandler<'batch.finish'> {
  return {
    run: async () => undefined,
    giveUp: async () => undefined,
  };
}
