import { CodedError } from '@bonafide/contracts';
import { Redis } from 'ioredis';
import type { Logger } from '../logger';

export type RedisConnection = Redis;

/** All keys carry one hash tag, so that on a cluster they lie on one node and scripts can touch several. */
export const KEY_PREFIX = '{bonafide}';

const COMMAND_TIMEOUT_MS = 3_000;
const RECONNECT_CEILING_MS = 1_000;

const reconnectDelayMs = (attempt: number) => Math.min(50 * attempt, RECONNECT_CEILING_MS);

/** For requests: a command fails at once while Redis is away, and never hangs. */
export function connectProducer(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: reconnectDelayMs,
  });
  return reportFaults(redis, log);
}

/** For consumers: waits for Redis as long as it takes. */
export function connectConsumer(url: string, log: Logger): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: reconnectDelayMs });
  return reportFaults(redis, log);
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
