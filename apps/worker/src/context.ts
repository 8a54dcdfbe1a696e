import { rm } from 'node:fs/promises';
import type { BundleRef } from '@bonafide/contracts';
import {
  connectConsumer,
  createAnalysisIndex,
  createQueues,
  createRecords,
  createReferences,
  createSharedMetrics,
  createShelf,
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
import { createWatch, type Watch } from './monitoring/watch';
import { loadBundle } from './serving/load-bundle';
import { openServing, type Serving } from './serving/serving';
import { createShadow, type Shadow } from './serving/shadow';
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
  serving: Serving;
  shadow: Shadow;
  watch: Watch;
  /** A folder of this process alone, for the media it is working on. */
  workFolder: string;
};

/** @throws Error naming the file and the field when the models are not usable. */
export async function openContext(config: Config, log: Logger): Promise<WorkerContext> {
  const redisUrl = requireRedisUrl(config);
  const { modelsDir, ffmpegPath } = config.analysis;
  const [store, tracing] = await Promise.all([
    openStore(config.store),
    startTracing('worker', config.operation),
  ]);
  const workFolder = await makeWorkFolder();
  await removeDeadWorkFolders(workFolder);
  const redis = connectConsumer(redisUrl, log);
  const [records, shelf] = [createRecords(store), createShelf(modelsDir, store)];
  const [turn, metrics] = [createTurn(), createSharedMetrics(redis, log)];
  const place = { shelf, workFolder, ffmpegPath, warmUpRounds: config.workers.warmUpRounds };
  const load = (ref: BundleRef) => loadBundle(place, ref);
  const serving = await openServing({ records, shelf, redis, metrics, log, load });
  const shadow = createShadow({ serving, turn, records, metrics, config, log });
  const watch = createWatch({ redis, log, config, references: createReferences(shelf, log) });
  return {
    config,
    log,
    store,
    records,
    redis,
    queues: createQueues(redis, log, tracing.telemetry),
    index: createAnalysisIndex(redis),
    engine: { turn, metrics, tracing, serving, shadow, watch, workFolder },
  };
}

export async function closeContext({ queues, redis, store, engine }: WorkerContext): Promise<void> {
  await engine.shadow.stop();
  await engine.watch.stop();
  await engine.metrics.stop();
  if (redis.status === 'ready') await queues.close();
  await engine.tracing.stop().catch(() => undefined);
  redis.disconnect();
  store.close();
  await Promise.all([engine.serving.stop(), rm(engine.workFolder, { recursive: true, force: true })]);
}
