import { randomUUID } from 'node:crypto';
import type { IdempotencyRecord } from '@bonafide/contracts';
import { assertConnected, KEY_PREFIX, type IdempotencyRef } from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import type { ApiContext } from './context';

type Answered = Extract<IdempotencyRecord, { state: 'answered' }>;
type Running = Extract<IdempotencyRecord, { state: 'running' }>;

/** The right to carry the request out, kept while it runs; what ends it first ends it. */
export type Claim = {
  keySha256: string;
  /** What is made by the request is made under this id, by whichever process it comes to. */
  plannedId: string;
  /** Whether a process before this one may have made it. */
  isTakenOver: boolean;
  /** False once another process may have taken it over. */
  isHeld(): boolean;
  /** Ends it with an answer that is given again from now on. */
  settle(answer: Pick<Answered, 'fingerprint' | 'expires_at' | 'sealed'>): Promise<void>;
  /** Ends it without an answer: the next request with the key takes it over. */
  release(): Promise<void>;
  /** Lets it run out by itself. */
  abandon(): void;
};

export type Claimed =
  { kind: 'ours'; claim: Claim } | { kind: 'answered'; record: Answered } | { kind: 'running' };

type Needs = Pick<ApiContext, 'records' | 'redis' | 'log'>;
/** As this program writes it; one of an earlier version may lack something. */
type Mine = Required<Running>;

/** Renewed while the request runs: what passes it belongs to a process that is gone. */
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const TAKEOVER_MS = 10_000;
const ATTEMPTS = 3;

/** Of several requests with one key exactly one hears `ours`. */
export async function claimKey(context: Needs, ref: IdempotencyRef): Promise<Claimed> {
  const { idempotency } = context.records;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const mine = leased({ ...ref, owner: randomUUID(), planned_id: uuidv7() });
    if ((await idempotency.create(mine)) === 'created') return ours(context, mine, { isTakenOver: false });
    const there = await idempotency.get(ref);
    if (there === null) continue;
    if (!isOver(there))
      return there.state === 'running' ? { kind: 'running' } : { kind: 'answered', record: there };
    if (there.state === 'running' && there.planned_id) mine.planned_id = there.planned_id;
    if (await takeOver(context, { there, mine })) return ours(context, mine, { isTakenOver: true });
  }
  return { kind: 'running' };
}

/** From each owner once, by a lock in Redis, since the store has no conditional replacement. */
async function takeOver(
  { records, redis }: Needs,
  { there, mine }: { there: IdempotencyRecord; mine: Mine },
): Promise<boolean> {
  assertConnected(redis);
  const from = there.state === 'running' ? there.owner : there.expires_at;
  const lock = `${KEY_PREFIX}:idempotency:${mine.tenant}:${mine.key_sha256}:${from}`;
  if ((await redis.set(lock, mine.owner, 'PX', TAKEOVER_MS, 'NX')) === null) return false;
  const present = await records.idempotency.get(mine);
  if (JSON.stringify(present) !== JSON.stringify(there)) return false;
  await records.idempotency.put(mine);
  return true;
}

function ours({ records, log }: Needs, mine: Mine, { isTakenOver }: Pick<Claim, 'isTakenOver'>): Claimed {
  const { idempotency } = records;
  const { format, tenant, key_sha256, planned_id } = mine;
  let leaseUntilMs = Date.parse(mine.lease_until);
  let isEnded = false;
  const isHeld = () => !isEnded && Date.now() < leaseUntilMs;
  const renew = async () => {
    // A process that stood still takes nothing back from the one that goes on.
    if (!isHeld()) return;
    const longer = leased(mine);
    await idempotency.put(longer);
    leaseUntilMs = Date.parse(longer.lease_until);
  };
  let renewing = Promise.resolve();
  const renewal = setInterval(() => {
    renewing = renewing.then(renew).catch((error: Error) => {
      log.warn({ err: error }, 'an idempotency key could not be held');
    });
  }, RENEW_MS);
  renewal.unref();
  const abandon = () => clearInterval(renewal);
  /** Once only: a second end would take the key from whoever holds it by then. A renewal on its way comes first. */
  const end = async () => {
    abandon();
    isEnded = true;
    await renewing;
  };
  return {
    kind: 'ours',
    claim: {
      ...{ keySha256: key_sha256, plannedId: planned_id, isTakenOver, isHeld, abandon },
      settle: async (answer) => {
        const isFirst = !isEnded;
        await end();
        const answered = { format, tenant, key_sha256, planned_id, state: 'answered' } as const;
        if (isFirst) await idempotency.put({ ...answered, ...answer });
      },
      release: async () => {
        const wasHeld = isHeld();
        await end();
        if (wasHeld) await idempotency.put(leased(mine, -LEASE_MS));
      },
    },
  };
}

type Leased = Pick<Mine, 'tenant' | 'key_sha256' | 'owner' | 'planned_id'>;

/** From now on; a lease in the past is over by every clock. */
function leased({ tenant, key_sha256, owner, planned_id }: Leased, forMs = LEASE_MS): Mine {
  const lease_until = new Date(Date.now() + forMs).toISOString();
  return { format: 1, tenant, key_sha256, state: 'running', lease_until, owner, planned_id };
}

function isOver(record: IdempotencyRecord): boolean {
  return Date.parse(record.state === 'running' ? record.lease_until : record.expires_at) < Date.now();
}
