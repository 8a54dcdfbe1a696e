import { CodedError } from '@bonafide/contracts';
import { type ChainableCommander, Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import type { Logger } from '../logger';
import { parseRedisAddress } from './address';

export type RedisConnection = Redis;

/** All keys carry one hash tag, so that on a cluster they lie on one node and scripts can touch several. */
export const KEY_PREFIX = '{bonafide}';

const COMMAND_TIMEOUT_MS = 3_000;
/** A server that says nothing for so long is away like one that is gone: the next command fails at once. */
const SILENCE_MS = 2_000;
const RECONNECT_CEILING_MS = 1_000;

const reconnectDelayMs = (attempt: number) => Math.min(50 * attempt, RECONNECT_CEILING_MS);

/** For requests: a command fails at once while Redis is away, and never hangs. */
export function connectProducer(url: string, log: Logger): Redis {
  const redis = connect(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: reconnectDelayMs,
  });
  return reportFaults(redis, log);
}

/** For consumers: waits for Redis as long as it takes. */
export function connectConsumer(url: string, log: Logger): Redis {
  return reportFaults(connect(url, { maxRetriesPerRequest: null, retryStrategy: reconnectDelayMs }), log);
}

/** One server, a cluster, or the master that sentinels know of, as the address says. */
function connect(url: string, options: RedisOptions): Redis {
  const { mode, nodes, masterName, ...access } = parseRedisAddress(url);
  if (mode === 'single') return new Redis({ ...options, ...access, ...nodes[0] });
  if (mode === 'sentinel') {
    const { username, password, db, tls } = access;
    const own = { sentinels: nodes, name: masterName, sentinelRetryStrategy: reconnectDelayMs };
    // The sentinels' TLS and the master's are two settings, and the second one needs to be asked for by name.
    const secure = { tls, sentinelTLS: tls, enableTLSForSentinelMode: tls !== undefined };
    return new Redis({ ...options, ...own, username, password, db, ...secure });
  }
  const { enableOfflineQueue, maxRetriesPerRequest, ...perNode } = options;
  const clusterOptions: ClusterOptions = {
    enableOfflineQueue,
    clusterRetryStrategy: reconnectDelayMs,
    redisOptions: { ...perNode, ...access, maxRetriesPerRequest },
  };
  // All keys carry the same tag, so a cluster answers to every command that one server does.
  return new Cluster(nodes, clusterOptions) as unknown as Redis;
}

/** One line when the connection is lost and one when it is back, not one an attempt. */
function reportFaults(redis: Redis, log: Logger): Redis {
  let isLost = false;
  redis.on('error', (error: Error) => {
    if (!isLost) log.warn({ err: error }, 'redis connection lost');
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) log.info('redis connection is back');
    isLost = false;
  });
  return redis;
}

/** @throws CodedError `unavailable` at once when there is no connection. */
export function assertConnected(redis: Redis): void {
  if (redis.status !== 'ready') throw new CodedError('unavailable', 'The queue cannot be reached');
}

/** Sends what was collected, in one round trip. @returns the replies @throws the first error among them */
export async function execAll(commands: ChainableCommander): Promise<unknown[]> {
  const results = (await commands.exec()) ?? [];
  const failed = results.find(([error]) => error !== null)?.[0];
  if (failed) throw failed;
  return results.map(([, reply]) => reply);
}

/** Resolves when the connection is ready or the time is up, whichever is first. */
export async function settled(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      redis.off('ready', done);
      resolve();
    };
    const timer = setTimeout(done, timeoutMs);
    redis.once('ready', done);
  });
}
