import {
  connectProducer,
  createLogger,
  createRecords,
  createShelf,
  openStore,
  readConfig,
  settled,
  type ObjectStore,
  type Records,
  type RedisConnection,
  type Shelf,
} from '@bonafide/platform';
import { findRedisUrl } from './open-upkeep';

const CONNECT_MS = 1_000;

/** Where bundles and what serves are kept. `redis` is null where no service is running. */
export type OpenModels = {
  store: ObjectStore;
  records: Records;
  shelf: Shelf;
  redis: RedisConnection | null;
  close(): Promise<void>;
};

/** @throws ConfigError */
export async function openModels(): Promise<OpenModels> {
  const config = readConfig();
  const store = await openStore(config.store);
  const redis = await connectIfThere(await findRedisUrl(config));
  return {
    store,
    records: createRecords(store),
    shelf: createShelf(config.analysis.modelsDir, store),
    redis,
    close: async () => {
      redis?.disconnect();
      store.close();
    },
  };
}

async function connectIfThere(url: string | null): Promise<RedisConnection | null> {
  if (url === null) return null;
  const redis = connectProducer(url, createLogger('cli', 'silent'));
  await settled(redis, CONNECT_MS);
  if (redis.status === 'ready') return redis;
  redis.disconnect();
  return null;
}
