import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDetector, type Detector } from '@bonafide/pipeline';
import {
  connectConsumer,
  createAnalysisIndex,
  createQueues,
  createRecords,
  openStore,
  requireRedisUrl,
  type AnalysisIndex,
  type Config,
  type Logger,
  type ObjectStore,
  type Queues,
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
  queues: Queues;
  index: AnalysisIndex;
  engine: Engine;
};

/** What one process analyses with. */
export type Engine = {
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
  return {
    config,
    log,
    store,
    records: createRecords(store),
    redis,
    queues: createQueues(redis, log),
    index: createAnalysisIndex(redis),
    engine: { detector, workFolder },
  };
}

export async function closeContext({ queues, redis, store, engine }: WorkerContext): Promise<void> {
  if (redis.status === 'ready') await queues.close();
  redis.disconnect();
  store.close();
  await Promise.all([engine.detector.close(), rm(engine.workFolder, { recursive: true, force: true })]);
}
