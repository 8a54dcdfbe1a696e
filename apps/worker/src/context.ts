import { rm } from 'node:fs/promises';
import { loadDetector, type Detector } from '@bonafide/pipeline';
import {
  connectConsumer,
  createAnalysisIndex,
  createQueues,
  createRecords,
  createSharedMetrics,
  makeWorkFolder,
  openStore,
  removeDeadWorkFolders,
  requireRedisUrl,
  startTracing,
  type AnalysisIndex,
  type Config,
  type Logger,
  type ObjectStore,
  type Queues,
  type Records,
  type RedisConnection,
  type SharedMetrics,
  type Tracing,
} from '@bonafide/platform';
import { createTurn, type Turn } from './turn';

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

/** What one process analyses with, and how it tells of it. */
export type Engine = {
  turn: Turn;
  metrics: SharedMetrics;
  tracing: Tracing;
  detector: Detector;
  /** A folder of this process alone, for the media it is working on. */
  workFolder: string;
};

/** @throws Error naming the file and the field when the models are not usable. */
export async function openContext(config: Config, log: Logger): Promise<WorkerContext> {
  const redisUrl = requireRedisUrl(config);
  const { modelsDir, ffmpegPath } = config.analysis;
  const [detector, store, tracing] = await Promise.all([
    loadDetector({ modelsDir, ffmpegPath }),
    openStore(config.store),
    startTracing('worker', config.operation),
  ]);
  const workFolder = await makeWorkFolder();
  await removeDeadWorkFolders(workFolder);
  const redis = connectConsumer(redisUrl, log);
  return {
    config,
    log,
    store,
    records: createRecords(store),
    redis,
    queues: createQueues(redis, log, tracing.telemetry),
    index: createAnalysisIndex(redis),
    engine: { turn: createTurn(), metrics: createSharedMetrics(redis, log), tracing, detector, workFolder },
  };
}

export async function closeContext({ queues, redis, store, engine }: WorkerContext): Promise<void> {
  await engine.metrics.stop();
  if (redis.status === 'ready') await queues.close();
  await engine.tracing.stop().catch(() => undefined);
  redis.disconnect();
  store.close();
  await Promise.all([engine.detector.close(), rm(engine.workFolder, { recursive: true, force: true })]);
}
