import type { ServingRevision } from '@bonafide/contracts';
import type { Logger } from '../logger';
import type { ServingRecords } from '../records/serving';
import type { RedisConnection } from '../redis/connections';
import { SERVING_CHANNEL } from './serving-state';

/** How late a change is seen whose call was lost, as when Redis is away. */
const LOOK_EVERY_MS = 5_000;

type Watched = { serving: ServingRecords; redis: RedisConnection; log: Logger };

/**
 * Calls `onChange` with each later state, one call after the other. One that throws is called again with the same
 * state.
 */
export function watchServing(
  { serving, redis, log }: Watched,
  seen: number,
  onChange: (state: ServingRevision) => Promise<void>,
): { stop(): Promise<void> } {
  let revision = seen;
  let looking: Promise<void> | null = null;
  let isAskedAgain = false;
  let isFailing = false;
  const lookOnce = async () => {
    const latest = await serving.latest(revision);
    if (latest) {
      await onChange(latest);
      revision = latest.revision;
    }
    isFailing = false;
  };
  const look = () => {
    isAskedAgain = looking !== null;
    looking ??= lookOnce()
      .catch((error: Error) => {
        // Said once: the store may be away for long.
        if (!isFailing) log.warn({ err: error }, 'what is to serve could not be taken up');
        isFailing = true;
      })
      .finally(() => {
        looking = null;
        if (isAskedAgain) look();
      });
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  const subscriber = redis.duplicate();
  subscriber.on('error', () => undefined);
  subscriber.on('message', look);
  subscriber.on('ready', look);
  subscriber.subscribe(SERVING_CHANNEL).catch(() => undefined);
  return {
    stop: async () => {
      clearInterval(timer);
      isAskedAgain = false;
      subscriber.disconnect();
      await looking;
    },
  };
}
