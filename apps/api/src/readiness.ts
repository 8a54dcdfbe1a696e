import type { Check, Heartbeat, Readiness } from '@bonafide/contracts';
import { assertConnected, liveWorkers, type ObjectStore, type RedisConnection } from '@bonafide/platform';
import type { ApiContext } from './context';

const CHECK_TIMEOUT_MS = 2_000;
const PROBE_KEY = 'health/api';

/** Whether a recording sent now would be stored, queued and analysed. Never longer than the time-out. */
export async function checkReadiness(
  { redis, store }: Pick<ApiContext, 'redis' | 'store'>,
  activeVersion: () => Promise<string | null>,
): Promise<Readiness> {
  let workers: Heartbeat[] = [];
  const [redisCheck, policy, storeCheck, models, active] = await Promise.all([
    check(async () => void (assertConnected(redis), await redis.ping())),
    check(() => requireNoEviction(redis)),
    check(() => probeStore(store)),
    check(async () => {
      assertConnected(redis);
      workers = await liveWorkers(redis);
      if (workers.length === 0) throw new Error('no worker has loaded its models');
    }),
    withinTime(activeVersion()).catch(() => null),
  ]);
  const checks = { redis: redisCheck, redis_policy: policy, store: storeCheck, models };
  return {
    status: Object.values(checks).every(({ ok }) => ok) ? 'ready' : 'not_ready',
    checks,
    workers: workers.length,
    model_versions: [...new Set(workers.map((worker) => worker.model_version))].sort(),
    active_model_version: active,
  };
}

/** A Redis that evicts would silently lose queued jobs. INFO, because CONFIG is often forbidden. */
async function requireNoEviction(redis: RedisConnection): Promise<void> {
  assertConnected(redis);
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  if (policy !== 'noeviction') throw new Error(`maxmemory-policy is ${policy ?? 'unknown'}, not noeviction`);
}

async function probeStore(store: ObjectStore): Promise<void> {
  await store.put(PROBE_KEY, Buffer.from(new Date().toISOString()));
}

async function check(probe: () => Promise<void>): Promise<Check> {
  try {
    await withinTime(probe());
    return { ok: true, detail: 'ok' };
  } catch (error) {
    return { ok: false, detail: (error as Error).message };
  }
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
