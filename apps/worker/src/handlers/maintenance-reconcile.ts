import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

export function maintenanceReconcile(_context: WorkerContext): JobHandler<'maintenance.reconcile'> {
  return {
    run: async () => undefined,
    giveUp: async () => undefined,
  };
}
