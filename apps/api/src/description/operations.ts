import type { Operation } from './operation';
import { analysisOperations } from './topics/analyses';
import { keyOperations } from './topics/keys';
import { serviceOperations } from './topics/service';

/** Every route of the API. A test holds this against what the server really has. */
export const OPERATIONS: readonly Operation[] = [
  ...analysisOperations,
  ...keyOperations,
  ...serviceOperations,
];
