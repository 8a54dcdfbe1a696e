import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

export function maintenanceRetention(_context: WorkerContext): JobHandler<'maintenance.retention'> {
  return {
    run: async () => undefined,
    giveUp: async () => undefined,
  };
}
