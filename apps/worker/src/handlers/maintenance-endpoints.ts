import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

export function maintenanceEndpoints(_context: WorkerContext): JobHandler<'maintenance.endpoints'> {
  return {
    run: async () => undefined,
    giveUp: async () => undefined,
  };
}
