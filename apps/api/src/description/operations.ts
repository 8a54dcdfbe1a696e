import type { Operation } from './operation';
import { analysisOperations } from './topics/analyses';
import { batchOperations } from './topics/batches';
import { feedbackOperations } from './topics/feedback';
import { serviceOperations } from './topics/health';
import { keyOperations } from './topics/keys';
import { monitoringOperations } from './topics/monitoring';
import { oneCallOperations } from './topics/one-call';
import { modelOperations } from './topics/models';
import { sessionOperations } from './topics/session';
import { sharingOperations } from './topics/sharing';
import { uploadOperations } from './topics/uploads';
import { webhookOperations } from './topics/webhooks';

/** Every route of the API. A test holds this against what the server really has. */
export const OPERATIONS: readonly Operation[] = [
  ...analysisOperations,
  ...feedbackOperations,
  ...oneCallOperations,
  ...uploadOperations,
  ...batchOperations,
  ...webhookOperations,
  ...keyOperations,
  ...modelOperations,
  ...sharingOperations,
  ...sessionOperations,
  ...monitoringOperations,
  ...serviceOperations,
];
