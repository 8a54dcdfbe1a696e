import { setTimeout as sleep } from 'node:timers/promises';
import { CodedError, type BundleRef } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { v4 as uuidv4 } from 'uuid';
import { assertConnected, KEY_PREFIX } from '../redis/connections';
import type { Queues } from '../redis/queues';

const KEPT_SEC = 120;
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 100;
const FINE = 'fine';

const keyOf = (checkId: string) => `${KEY_PREFIX}:bundle-check:${checkId}`;

/**
 * Has a worker load a bundle and waits for what it says: the API itself has no models.
 * @throws CodedError `bundle_refused` with the worker's words; `unavailable` where none answers in time
 */
export async function haveChecked(
  { queues, redis }: { queues: Queues; redis: Redis },
  bundle: BundleRef,
): Promise<void> {
  assertConnected(redis);
  const check_id = uuidv4();
  await queues.add('bundle.check', check_id, { ...bundle, check_id });
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (performance.now() < deadlineMs) {
    const answer = await redis.get(keyOf(check_id));
    if (answer === FINE) return;
    if (answer !== null) throw new CodedError('bundle_refused', answer);
    await sleep(LOOK_EVERY_MS);
  }
  throw new CodedError('unavailable', 'No worker has checked the bundle in time');
}

/** The worker's answer: null where the bundle is good. */
export async function answerCheck(redis: Redis, checkId: string, problem: string | null): Promise<void> {
  await redis.set(keyOf(checkId), problem ?? FINE, 'EX', KEPT_SEC);
}
