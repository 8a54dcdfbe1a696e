import type { Config } from '../config';
import type { Logger } from '../logger';
import type { Records } from '../records/records';
import type { AnalysisIndex } from '../redis/analysis-index';
import type { RedisConnection } from '../redis/connections';
import type { Queues } from '../redis/queues';
import type { ObjectStore } from '../store/object-store';

/** What keeping things in order needs. The contexts of the processes hold it. */
export type Upkeep = {
  config: Config;
  log: Logger;
  store: ObjectStore;
  records: Records;
  redis: RedisConnection;
  queues: Queues;
  index: AnalysisIndex;
};
