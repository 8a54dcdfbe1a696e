import { watchDrift, type JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** Holds what came in against what is known, and tells of what has changed. */
export function maintenanceMonitoring(context: WorkerContext): JobHandler<'maintenance.monitoring'> {
  return {
    run: async () => {
      const watched = await watchDrift(context, context.engine.watch.references);
      if (watched.told > 0) context.log.info({ ...watched }, 'what comes in has changed');
    },
    giveUp: async () => undefined,
  };
}
