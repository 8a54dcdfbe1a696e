import { removeDeadWorkFolders, sweep, type JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** Removes what broken requests and killed processes left, and what has expired. */
export function maintenanceSweep(context: WorkerContext): JobHandler<'maintenance.sweep'> {
  return {
    run: async () => {
      const swept = await sweep(context);
      const folders = await removeDeadWorkFolders(context.engine.workFolder);
      context.log.info({ ...swept, folders }, 'swept');
    },
    giveUp: async () => undefined,
  };
}
