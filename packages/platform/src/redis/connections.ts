import { CodedError } from '@bonafide/contracts';
import { type ChainableCommander, Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import type { Logger } from '../logger';
import { parseRedisAddress } from './address';
import { keepPulse, type Patience } from './pulse';

export type RedisConnection = Redis;

/** All keys carry one hash tag, so that on a cluster they lie on one node and scripts can touch several. */
export const KEY_PREFIX = '{bonafide}';

const COMMAND_TIMEOUT_MS = 3_000;
/** Somebody waits for the answer: half a second of silence is an answer as well. */
const PROMPT: Patience = { everyMs: 100, silentBeats: 4 };
/** Nobody waits, and beginning anew costs more than a pause does. */
const PATIENT: Patience = { everyMs: 1_000, silentBeats: 5 };
/** For the connections that the queue library makes of ours, where no pulse is kept: it waits 10 s at a time there. */
const BLOCKED_SILENCE_MS = 15_000;
/** How long a connection that is let go of may take to send what it has. */
const FAREWELL_MS = 50;
const RECONNECT_CEILING_MS = 1_000;

const reconnectDelayMs = (attempt: number) => Math.min(50 * attempt, RECONNECT_CEILING_MS);
const COMMON = {
  connectTimeout: COMMAND_TIMEOUT_MS,
  disconnectTimeout: FAREWELL_MS,
  retryStrategy: reconnectDelayMs,
} satisfies RedisOptions;

/** For requests: a command fails at once while Redis is away, and never hangs. */
export function connectProducer(url: string, log: Logger): Redis {
  const redis = connect(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  return watched(redis, PROMPT, log);
}

/** For consumers: waits for Redis as long as it takes. */
export function connectConsumer(url: string, log: Logger): Redis {
  const redis = connect(url, { maxRetriesPerRequest: null, socketTimeout: BLOCKED_SILENCE_MS });
  return watched(redis, PATIENT, log);
}

/**
 * For events, waiting like a consumer. Every node of a cluster tells what was published on any, so one connection is
 * enough; it goes to the next node when it is lost. The library's own subscription to a cluster does not say that it
 * was cut off, and stays with a node that has fallen silent.
 */
export function connectSubscriber(url: string, log: Logger): Redis {
  const { mode, nodes, masterName: _none, ...access } = parseRedisAddress(url);
  if (mode !== 'cluster') return connectConsumer(url, log);
  const redis = new Redis({ ...COMMON, ...access, ...nodes[0], maxRetriesPerRequest: null });
  let turn = 0;
  redis.on('reconnecting', () => Object.assign(redis.options, nodes[++turn % nodes.length]));
  return watched(redis, PATIENT, log);
}

function watched(redis: Redis, patience: Patience, log: Logger): Redis {
  keepPulse(redis, KEY_PREFIX, patience);
  return reportFaults(redis, log);
}

/** One server, a cluster, or the master that sentinels know of, as the address says. */
function connect(url: string, special: RedisOptions): Redis {
  const { mode, nodes, masterName, ...access } = parseRedisAddress(url);
  const options: RedisOptions = { ...COMMON, ...special };
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
