import { itemStateSchema, type BatchRef, type ItemState, type Totals } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { assertConnected, KEY_PREFIX } from './connections';
import { LEAVE_OUT, MOVE } from './batch-script';

export type RoundKey = BatchRef & { round: number };

/** What is counted live. */
export const TALLIES = [
  'processing',
  'succeeded',
  'failed',
  'canceled',
  'cached',
  'authentic',
  'cloned',
  'inconclusive',
  'partially_cloned',
  'changed',
] as const;
export type Tally = (typeof TALLIES)[number];

/** `isWhole`: nothing of it was lost with Redis. `totals` are of the entries taken in so far. */
export type Board = {
  isWhole: boolean;
  isCanceled: boolean;
  isExpanded: boolean;
  startedAt: string | null;
  totals: Totals;
  tallies: Record<Tally, number>;
};

/**
 * How far the batches under way are: the state of each accepted entry of a round and their sums. All of it can be
 * made again from the records, by moving each entry to where its record has it.
 */
export type BatchBoard = {
  begin(ref: RoundKey): Promise<void>;
  /** Notes that everything the records know is on the board. */
  setWhole(ref: RoundKey): Promise<void>;
  setTotals(ref: RoundKey, totals: Totals, state: 'expanding' | 'expanded'): Promise<void>;
  setCanceled(ref: RoundKey): Promise<void>;
  /** Moves an entry on; what has ended stays. @returns the board behind it, and whether anything moved */
  move(ref: RoundKey, index: number, state: ItemState): Promise<{ board: Board; hasMoved: boolean }>;
  /** Forgets entries that are not listed, of a batch whose list is closed. */
  leaveOut(ref: RoundKey, indexes: readonly number[]): Promise<void>;
  /** @throws CodedError `unavailable` */
  read(ref: RoundKey): Promise<Board>;
  /** In the order of the indexes; null for what was not moved yet. */
  states(ref: RoundKey, indexes: readonly number[]): Promise<(ItemState | null)[]>;
  /** True for the one who asks first within the interval. */
  isFirst(ref: RoundKey, what: string, intervalMs: number): Promise<boolean>;
  /** Notes that its workers were lost with so many entries taken in. @returns whether it is more than the last time */
  noteLoss(ref: RoundKey, entries: number): Promise<boolean>;
  /** The records now know all of it. */
  forget(ref: RoundKey): Promise<void>;
};

/** Longer than a batch waits for anything; each change begins it anew. */
const KEPT_SEC = 14 * 86_400;
/** For those who read just now. */
const FORGOTTEN_SEC = 60;

const countKey = ({ tenant, batch_id, round }: RoundKey) =>
  `${KEY_PREFIX}:batch:${tenant}:${batch_id}:${round}`;
const stateKey = (ref: RoundKey) => `${countKey(ref)}:items`;

export function createBatchBoard(connection: Redis): BatchBoard {
  const redis = () => {
    assertConnected(connection);
    return connection;
  };
  const set = async (ref: RoundKey, fields: Record<string, string | number>) => {
    await redis().multi().hset(countKey(ref), fields).expire(countKey(ref), KEPT_SEC).exec();
  };
  return {
    begin: async (ref) => {
      await redis().hsetnx(countKey(ref), 'started_at', new Date().toISOString());
      await redis().expire(countKey(ref), KEPT_SEC);
    },
    setWhole: (ref) => set(ref, { whole: 1 }),
    setTotals: (ref, totals, state) =>
      set(ref, { ...totalFields(totals), expanded: state === 'expanded' ? 1 : 0 }),
    setCanceled: (ref) => set(ref, { cancel: 1 }),
    move: async (ref, index, state) => {
      const args = [index, state.status, JSON.stringify(state), KEPT_SEC, ...markedTallies(state)];
      const [moved, fields] = (await redis().eval(MOVE, 2, countKey(ref), stateKey(ref), ...args)) as [
        number,
        string[],
      ];
      return { hasMoved: moved === 1, board: readBoard(pairs(fields)) };
    },
    states: (ref, indexes) => readStates(redis(), ref, indexes),
    leaveOut: (ref, indexes) => leaveOut(redis(), ref, indexes),
    read: async (ref) => readBoard(await redis().hgetall(countKey(ref))),
    isFirst: async (ref, what, intervalMs) => {
      const answer = await redis().set(`${countKey(ref)}:${what}`, '1', 'PX', intervalMs, 'NX');
      return answer === 'OK';
    },
    noteLoss: async (ref, entries) => {
      const before = await redis().hget(countKey(ref), 'lost_at');
      await set(ref, { lost_at: entries });
      return before === null || entries > Number(before);
    },
    forget: async (ref) => {
      await redis().multi().expire(countKey(ref), FORGOTTEN_SEC).expire(stateKey(ref), FORGOTTEN_SEC).exec();
    },
  };
}

async function readStates(redis: Redis, ref: RoundKey, indexes: readonly number[]) {
  if (indexes.length === 0) return [];
  const documents = await redis.hmget(stateKey(ref), ...indexes.map(String));
  return documents.map((document) =>
    document === null ? null : itemStateSchema.parse(JSON.parse(document)),
  );
}

async function leaveOut(redis: Redis, ref: RoundKey, indexes: readonly number[]): Promise<void> {
  for (const [place, state] of (await readStates(redis, ref, indexes)).entries()) {
    if (!state) continue;
    const counted = state.status === 'queued' ? [] : [state.status, ...markedTallies(state)];
    await redis.eval(LEAVE_OUT, 2, countKey(ref), stateKey(ref), indexes[place], ...counted);
  }
}

/** What an entry counts as beside its status, once it has ended. */
function markedTallies(state: ItemState): Tally[] {
  const { status, verdict, decision } = state;
  if (status !== 'succeeded') return [];
  const shown: Tally =
    decision === 'inconclusive' ? 'inconclusive' : verdict === 'CLONED' ? 'cloned' : 'authentic';
  return [shown, ...(['partially_cloned', 'cached', 'changed'] as const).filter((mark) => state[mark])];
}

/** Named apart from the tallies: both count failures, of the archive and of the analyses. */
const totalFields = ({ entries, accepted, skipped, failed }: Totals) => ({
  total_entries: entries,
  total_accepted: accepted,
  total_skipped: skipped,
  total_failed: failed,
});

function readBoard(fields: Record<string, string>): Board {
  const count = (name: string) => Number(fields[name] ?? 0);
  return {
    isWhole: fields.whole === '1',
    isCanceled: fields.cancel === '1',
    isExpanded: fields.expanded === '1',
    startedAt: fields.started_at ?? null,
    totals: {
      entries: count('total_entries'),
      accepted: count('total_accepted'),
      skipped: count('total_skipped'),
      failed: count('total_failed'),
    },
    tallies: Object.fromEntries(TALLIES.map((name) => [name, count(name)])) as Record<Tally, number>,
  };
}

function pairs(list: string[]): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: list.length / 2 }, (_unused, place) => [list[2 * place], list[2 * place + 1]]),
  );
}
