import { CodedError, type AnalysisStatus } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { assertConnected, execAll } from './connections';
import { againKey, allKey, batchKey, idFloor, labelKey, statusKey } from './index-keys';

export type ListQuery = {
  status?: AnalysisStatus;
  batchId?: string;
  label?: string;
  reanalysisOf?: string;
  /**
   * Milliseconds: what was created from then on and before then is among the answers, besides some that were not, which
   * the caller leaves out by what the records say.
   */
  fromMs?: number;
  beforeMs?: number;
};

/** `next`: behind which id to go on, or null at the end. A page may hold less than was asked for. */
export type IdPage = { ids: string[]; next: string | null };

const CHUNK = 500;
/**
 * The longest upload. An analysis has its id, by which lists are sorted, when its upload begins, and is created when
 * that has come in.
 */
export const LONGEST_UPLOAD_MS = 600_000;
/** A rare combination is looked for in so many steps a page, so that a request ends in time. */
const MAX_CHUNKS = 40;

/**
 * Ids of a tenant's analyses that match, those first whose taking in began last, behind the id `after`.
 * @throws CodedError `unavailable`
 */
export async function listIds(
  redis: Redis,
  tenant: string,
  query: ListQuery & { after?: string; limit: number },
): Promise<IdPage> {
  assertConnected(redis);
  const [base, ...others] = listsOf(tenant, query);
  const min = query.fromMs === undefined ? '-' : `[${idFloor(query.fromMs - LONGEST_UPLOAD_MS)}`;
  let max = upperEnd(query);
  const ids: string[] = [];
  try {
    for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) {
      const size = others.length === 0 ? query.limit : CHUNK;
      const found = await redis.zrange(base, max, min, 'BYLEX', 'REV', 'LIMIT', 0, size);
      for (const id of await inAll(redis, others, found)) {
        ids.push(id);
        if (ids.length === query.limit) return { ids, next: id };
      }
      if (found.length < size) return { ids, next: null };
      max = `(${found[found.length - 1]}`;
    }
  } catch (error) {
    throw new CodedError('unavailable', 'The index cannot be reached', { cause: error });
  }
  return { ids, next: max.slice(1) };
}

/** The lists that an id must be in, the one that is likely shortest first. */
function listsOf(tenant: string, { reanalysisOf, batchId, label, status }: ListQuery): string[] {
  const lists = [
    ...(reanalysisOf === undefined ? [] : [againKey(tenant, reanalysisOf)]),
    ...(batchId === undefined ? [] : [batchKey(tenant, batchId)]),
    ...(label === undefined ? [] : [labelKey(tenant, label)]),
    ...(status === undefined ? [] : [statusKey(tenant, status)]),
  ];
  return lists.length === 0 ? [allKey(tenant)] : lists;
}

function upperEnd({ beforeMs, after }: { beforeMs?: number; after?: string }): string {
  const ends = [
    ...(beforeMs === undefined ? [] : [idFloor(beforeMs)]),
    ...(after === undefined ? [] : [after]),
  ];
  return ends.length === 0 ? '+' : `(${ends.sort()[0]}`;
}

async function inAll(redis: Redis, lists: readonly string[], ids: string[]): Promise<string[]> {
  if (lists.length === 0 || ids.length === 0) return ids;
  const commands = redis.multi();
  for (const list of lists) commands.zmscore(list, ids);
  const scores = (await execAll(commands)) as (string | null)[][];
  return ids.filter((_id, index) => scores.every((of) => of[index] !== null));
}

/** Whether it was created from then on and before then, milliseconds. */
export function isCreatedWithin(
  { created_at }: { created_at: string },
  fromMs = -Infinity,
  beforeMs = Infinity,
): boolean {
  const createdMs = Date.parse(created_at);
  return createdMs >= fromMs && createdMs < beforeMs;
}
