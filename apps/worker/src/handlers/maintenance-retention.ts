import { removeDueMedia, type JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** Removes recordings whose retention is over. */
export function maintenanceRetention(context: WorkerContext): JobHandler<'maintenance.retention'> {
  return {
    run: async () => {
      const removed = await removeDueMedia(context);
      if (removed > 0) context.log.info({ removed }, 'recordings were removed by their retention');
    },
    giveUp: async () => undefined,
  };
}
