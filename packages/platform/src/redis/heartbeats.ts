import { heartbeatSchema, type Heartbeat } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger';
import { KEY_PREFIX } from './connections';

const SET_KEY = `${KEY_PREFIX}:workers`;
const keyOf = (workerId: string) => `${KEY_PREFIX}:worker:${workerId}`;
const BEAT_MS = 3_000;
const LIFETIME_SEC = 10;

/** Says that a worker lives until told to stop; without a beat it counts as gone after ten seconds. */
export function beginHeartbeat(
  redis: Redis,
  describe: () => Heartbeat,
  log: Logger,
): { stop(): Promise<void> } {
  const { worker_id: id } = describe();
  const beat = () => {
    if (redis.status !== 'ready') return;
    redis
      .multi()
      .set(keyOf(id), JSON.stringify(describe()), 'EX', LIFETIME_SEC)
      .sadd(SET_KEY, id)
      .exec()
      .catch((error: Error) => log.warn({ err: error }, 'no heartbeat'));
  };
  const timer = setInterval(beat, BEAT_MS);
  redis.on('ready', beat);
  beat();
  return {
    stop: async () => {
      clearInterval(timer);
      redis.off('ready', beat);
      if (redis.status !== 'ready') return;
      await redis.multi().del(keyOf(id)).srem(SET_KEY, id).exec();
    },
  };
}

/** The workers that live, with the bundle each has loaded. Forgets those that are gone. */
export async function liveWorkers(redis: Redis): Promise<Heartbeat[]> {
  const ids = await redis.smembers(SET_KEY);
  if (ids.length === 0) return [];
  const documents = await redis.mget(ids.map(keyOf));
  const gone = ids.filter((_id, index) => documents[index] === null);
  if (gone.length > 0) await redis.srem(SET_KEY, gone);
  return documents.flatMap((document) => {
    const parsed = heartbeatSchema.safeParse(document === null ? null : JSON.parse(document));
    return parsed.success ? [parsed.data] : [];
  });
}
