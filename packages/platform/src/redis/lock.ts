import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { KEY_PREFIX } from './connections';

/** Longer than a document takes to be read and written; whoever dies holding it keeps others waiting no longer. */
const HELD_MS = 10_000;
const WAIT_MS = 5_000;
const ASK_EVERY_MS = 20;
const RELEASE = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end`;

/**
 * Runs `work` while nobody else runs any under this name: for documents that are read, changed and written, since the
 * store has no conditional replacement.
 * @throws CodedError `unavailable` where others have held it for five seconds
 */
export async function alone<T>(redis: Redis, name: string, work: () => Promise<T>): Promise<T> {
  const key = `${KEY_PREFIX}:alone:${name}`;
  const mine = randomUUID();
  const untilMs = performance.now() + WAIT_MS;
  while ((await redis.set(key, mine, 'PX', HELD_MS, 'NX')) === null) {
    if (performance.now() > untilMs) throw new CodedError('unavailable', 'Others are changing the same');
    await sleep(ASK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    // One that cannot be let go of ends by itself.
    await redis.eval(RELEASE, 1, key, mine).catch(() => undefined);
  }
}
