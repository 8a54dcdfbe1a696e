import { reconcile, type JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** Makes good what was lost between the records, the queue and those who are to be told. */
export function maintenanceReconcile(context: WorkerContext): JobHandler<'maintenance.reconcile'> {
  return {
    run: async () => {
      const { queued, announced, indexed, ...looked } = await reconcile(context, 'recent');
      if (queued + announced + indexed === 0) return;
      context.log.info({ queued, announced, indexed, ...looked }, 'reconciled');
    },
    giveUp: async () => undefined,
  };
}
