import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDetector, type Detector } from '@bonafide/pipeline';
import {
  connectConsumer,
  createAnalysisIndex,
  createRecords,
  openStore,
  requireRedisUrl,
  type AnalysisIndex,
  type Config,
  type Logger,
  type ObjectStore,
  type Records,
  type RedisConnection,
} from '@bonafide/platform';

/** All that a job needs from outside, built once. */
export type WorkerContext = {
  config: Config;
  log: Logger;
  store: ObjectStore;
  records: Records;
  redis: RedisConnection;
  index: AnalysisIndex;
  detector: Detector;
  /** A folder of this process alone, for the media it is working on. */
  workFolder: string;
};

/** @throws Error naming the file and the field when the models are not usable. */
export async function openContext(config: Config, log: Logger): Promise<WorkerContext> {
  const redisUrl = requireRedisUrl(config);
  const { modelsDir, ffmpegPath } = config.analysis;
  const [detector, store] = await Promise.all([
    loadDetector({ modelsDir, ffmpegPath }),
    openStore(config.store),
  ]);
  const workFolder = await mkdtemp(join(tmpdir(), 'bonafide-worker-'));
  const redis = connectConsumer(redisUrl, log);
  const records = createRecords(store);
  return { config, log, store, records, redis, index: createAnalysisIndex(redis), detector, workFolder };
}
