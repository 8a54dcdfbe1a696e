import type { JobHandlers } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { analysisRun } from './analysis-run';
import { analysisRunBulk } from './analysis-run-bulk';
import { batchExpand } from './batch-expand';
import { batchFinish } from './batch-finish';
import { bundleCheck } from './bundle-check';
import { maintenanceEndpoints } from './maintenance-endpoints';
import { maintenanceMonitoring } from './maintenance-monitoring';
import { maintenanceReconcile } from './maintenance-reconcile';
import { maintenanceRetention } from './maintenance-retention';
import { maintenanceSweep } from './maintenance-sweep';
import { webhookDeliver } from './webhook-deliver';

/** What this worker does for each job of the catalogue. */
export function createHandlers(context: WorkerContext): JobHandlers {
  return {
    'analysis.run': analysisRun(context),
    'analysis.run.bulk': analysisRunBulk(context),
    'batch.expand': batchExpand(context),
    'batch.finish': batchFinish(context),
    'webhook.deliver': webhookDeliver(context),
    'bundle.check': bundleCheck(context),
    'maintenance.retention': maintenanceRetention(context),
    'maintenance.reconcile': maintenanceReconcile(context),
    'maintenance.sweep': maintenanceSweep(context),
    'maintenance.endpoints': maintenanceEndpoints(context),
    'maintenance.monitoring': maintenanceMonitoring(context),
  };
}
