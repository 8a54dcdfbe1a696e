import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

export function maintenanceSweep(_context: WorkerContext): JobHandler<'maintenance.sweep'> {
  return {
    run: async () => undefined,
    giveUp: async () => undefined,
  };
}
