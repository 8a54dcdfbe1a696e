import {
  connectProducer,
  connectSubscriber,
  createAnalysisIndex,
  createEventHub,
  createKeyring,
  createQueues,
  createRecords,
  openStore,
  requireRedisUrl,
  settled,
  type AnalysisIndex,
  type Config,
  type EventHub,
  type Keyring,
  type Logger,
  type ObjectStore,
  type Queues,
  type Records,
  type RedisConnection,
  type Upkeep,
  type Tracing,
} from '@bonafide/platform';

/** All that a request needs from outside, built once. */
export type ApiContext = {
  config: Config;
  log: Logger;
  store: ObjectStore;
  records: Records;
  redis: RedisConnection;
  queues: Queues;
  live: Live;
  keyring: Keyring;
};

/** What Redis knows of work under way. */
export type Live = { index: AnalysisIndex; events: EventHub };

const FIRST_CONNECTION_MS = 1_000;

/** Starts also while Redis or the store is away: readiness then says so. */
export async function openContext(
  config: Config,
  log: Logger,
  { telemetry }: Partial<Tracing> = {},
): Promise<ApiContext> {
  const redisUrl = requireRedisUrl(config);
  const redis = connectProducer(redisUrl, log);
  const store = await openStore(config.store);
  await settled(redis, FIRST_CONNECTION_MS);
  const records = createRecords(store);
  return {
    config,
    log,
    store,
    records,
    redis,
    queues: createQueues(redis, log, telemetry),
    live: {
      index: createAnalysisIndex(redis),
      events: createEventHub(connectSubscriber(redisUrl, log), log),
    },
    keyring: createKeyring(records, log),
  };
}

export async function closeContext({ store, redis, queues, live }: ApiContext): Promise<void> {
  live.events.close();
  await queues.close();
  redis.disconnect();
  store.close();
}

/** What keeping things in order needs of this context. */
export function upkeepOf({ live, ...context }: ApiContext): Upkeep {
  return { ...context, index: live.index };
}
