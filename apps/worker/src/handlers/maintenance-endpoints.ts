import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { keepDeliveries } from '../webhooks/upkeep';

export function maintenanceEndpoints(context: WorkerContext): JobHandler<'maintenance.endpoints'> {
  return {
    run: () => keepDeliveries(context),
    giveUp: async () => undefined,
  };
}
