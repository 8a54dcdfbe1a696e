import { randomUUID } from 'node:crypto';
import type { IdempotencyRecord } from '@bonafide/contracts';
import { assertConnected, KEY_PREFIX, type IdempotencyRef } from '@bonafide/platform';
import type { ApiContext } from './context';

type Answered = Extract<IdempotencyRecord, { state: 'answered' }>;
type Running = Extract<IdempotencyRecord, { state: 'running' }>;

/** The right to carry the request out, kept while it runs; what ends it first ends it. */
export type Claim = {
  /** Ends it with an answer that is given again from now on. */
  settle(answer: Pick<Answered, 'fingerprint' | 'expires_at' | 'sealed'>): Promise<void>;
  /** Ends it as if it had never been: the next request with the key is the first. */
  release(): Promise<void>;
  /** Lets it run out by itself. */
  abandon(): void;
};

export type Claimed =
  { kind: 'ours'; claim: Claim } | { kind: 'answered'; record: Answered } | { kind: 'running' };

type Needs = Pick<ApiContext, 'records' | 'redis' | 'log'>;

/** Renewed while the request runs: what passes it belongs to a process that is gone. */
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const TAKEOVER_MS = 10_000;
const ATTEMPTS = 3;

/** Of several requests with one key exactly one hears `ours`. */
export async function claimKey(context: Needs, ref: IdempotencyRef): Promise<Claimed> {
  const { idempotency } = context.records;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const mine = runningNow(ref, randomUUID());
    if ((await idempotency.create(mine)) === 'created') return ours(context, mine);
    const there = await idempotency.get(ref);
    if (there === null) continue;
    if (!isOver(there))
      return there.state === 'running' ? { kind: 'running' } : { kind: 'answered', record: there };
    if (await takeOver(context, { there, mine })) return ours(context, mine);
  }
  return { kind: 'running' };
}

/** One at a time, by a lock in Redis, since the store has no conditional replacement. */
async function takeOver(
  { records, redis }: Needs,
  { there, mine }: { there: IdempotencyRecord; mine: Running },
): Promise<boolean> {
  assertConnected(redis);
  const lock = `${KEY_PREFIX}:idempotency:${mine.tenant}:${mine.key_sha256}`;
  if ((await redis.set(lock, mine.owner, 'PX', TAKEOVER_MS, 'NX')) === null) return false;
  const present = await records.idempotency.get(mine);
  if (JSON.stringify(present) !== JSON.stringify(there)) return false;
  await records.idempotency.put(mine);
  return true;
}

function ours({ records, log }: Needs, mine: Running): Claimed {
  const { idempotency } = records;
  const { format, tenant, key_sha256 } = mine;
  const renewal = setInterval(() => {
    idempotency.put(runningNow(mine, mine.owner)).catch((error: Error) => {
      log.warn({ err: error }, 'an idempotency key could not be held');
    });
  }, RENEW_MS);
  renewal.unref();
  let isHeld = true;
  const abandon = () => clearInterval(renewal);
  /** Once only: a second end would take the key from whoever holds it by then. */
  const letGo = () => {
    abandon();
    const wasHeld = isHeld;
    isHeld = false;
    return wasHeld;
  };
  return {
    kind: 'ours',
    claim: {
      abandon,
      settle: async (answer) => {
        if (letGo()) await idempotency.put({ format, tenant, key_sha256, state: 'answered', ...answer });
      },
      release: async () => {
        if (letGo()) await idempotency.remove(mine);
      },
    },
  };
}

function runningNow({ tenant, key_sha256 }: IdempotencyRef, owner: string): Running {
  const lease_until = new Date(Date.now() + LEASE_MS).toISOString();
  return { format: 1, tenant, key_sha256, state: 'running', lease_until, owner };
}

function isOver(record: IdempotencyRecord): boolean {
  return Date.parse(record.state === 'running' ? record.lease_until : record.expires_at) < Date.now();
}
