import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ConfigError,
  connectProducer,
  createAnalysisIndex,
  createLogger,
  createQueues,
  createRecords,
  openStore,
  readConfig,
  settled,
  type Config,
  type Upkeep,
} from '@bonafide/platform';

const CONNECT_MS = 3_000;

/** The service's Redis or store cannot be worked on from here. */
export class UnreachableError extends Error {}

export type OpenUpkeep = { upkeep: Upkeep; close: () => Promise<void> };

/**
 * Everything that a command needs to put the service in order: the store that the environment names, and its
 * Redis. @throws ConfigError, UnreachableError
 */
export async function openUpkeep(): Promise<OpenUpkeep> {
  const config = readConfig();
  const log = createLogger('cli', 'silent');
  const redis = connectProducer(await redisUrlOf(config), log);
  await settled(redis, CONNECT_MS);
  if (redis.status !== 'ready') {
    redis.disconnect();
    throw new UnreachableError('Redis does not answer: is the service running?');
  }
  const store = await openStore(config.store);
  const queues = createQueues(redis, log);
  const index = createAnalysisIndex(redis);
  const upkeep = { config, log, store, records: createRecords(store), redis, queues, index };
  const close = async () => {
    await queues.close();
    redis.disconnect();
    store.close();
  };
  return { upkeep, close };
}

async function redisUrlOf(config: Config): Promise<string> {
  const url = await findRedisUrl(config);
  if (url !== null) return url;
  throw new ConfigError([`REDIS_URL is needed: no service has run on ${config.dataDir}`]);
}

/** The embedded Redis notes its port in the data folder; null where none has run. */
export async function findRedisUrl({ redisUrl, dataDir }: Config): Promise<string | null> {
  if (redisUrl !== undefined) return redisUrl;
  const port = await readFile(join(dataDir, 'redis', 'port'), 'utf8').catch(() => '');
  return /^\d+$/.test(port) ? `redis://127.0.0.1:${port}` : null;
}

/** Runs a command's main; what its user can mend is told without a stack. The exit code is 2 then. */
export function runCommand(
  name: string,
  main: () => Promise<number>,
  isExpected: (error: Error) => boolean,
): void {
  main().then(
    (exit) => (process.exitCode = exit),
    (error: Error) => {
      const isPlain = error instanceof ConfigError || error instanceof UnreachableError || isExpected(error);
      process.stderr.write(`${name}: ${isPlain ? error.message : error.stack}\n`);
      process.exitCode = 2;
    },
  );
}
