import type { AnalysisRef } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { assertConnected, execAll, KEY_PREFIX } from './connections';
import {
  allKey,
  DELETED_KEY,
  MEDIA_DUE_KEY,
  memberOf,
  momentOfId,
  OPEN_KEY,
  refOfMember,
} from './index-keys';

/** What the recurring jobs remember in Redis between their runs. All of it may be lost. */
export type UpkeepMarks = {
  /** Whether the index is whole, and made under the same settings. */
  isIndexed(settings: string): Promise<boolean>;
  setIndexed(settings: string): Promise<void>;
  /** Until when everything in the store was looked at, milliseconds; null where that is not known. */
  lookedUntil(what: 'records' | 'media'): Promise<number | null>;
  setLookedUntil(what: 'records' | 'media', momentMs: number): Promise<void>;
  /** Analyses that are not known to have ended, or not all heard of their end, from the oldest on. */
  open(offset: number, count: number): Promise<AnalysisRef[]>;
  addOpen(ref: AnalysisRef): Promise<void>;
  /** Which of a tenant's analyses are in its list, and which count as open; in the order of the ids. */
  known(tenant: string, ids: string[]): Promise<{ listed: boolean[]; open: boolean[] }>;
  /** Recordings that are to go by now, the longest overdue first. */
  mediaDue(nowMs: number, count: number): Promise<AnalysisRef[]>;
  setMediaDue(ref: AnalysisRef, dueMs: number): Promise<void>;
  clearMediaDue(ref: AnalysisRef): Promise<void>;
  /** Deletions that were begun before the moment. */
  deleted(beforeMs: number): Promise<AnalysisRef[]>;
  addDeleted(ref: AnalysisRef, beganMs?: number): Promise<void>;
  /** Whether its deletion was begun, until the sweep has looked once more. */
  isDeleted(ref: AnalysisRef): Promise<boolean>;
  clearDeleted(ref: AnalysisRef): Promise<void>;
};

/** Whether its deletion was begun within the last minute or so; where Redis cannot be asked it counts as not. */
export function isMarkedDeleted(redis: Redis, ref: AnalysisRef): Promise<boolean> {
  return createUpkeepMarks(redis)
    .isDeleted(ref)
    .catch(() => false);
}

const INDEXED_KEY = `${KEY_PREFIX}:indexed`;
const lookedKey = (what: string) => `${KEY_PREFIX}:looked:${what}`;

export function createUpkeepMarks(connection: Redis): UpkeepMarks {
  const redis = () => {
    assertConnected(connection);
    return connection;
  };
  return {
    isIndexed: async (settings) => (await redis().get(INDEXED_KEY)) === settings,
    setIndexed: async (settings) => void (await redis().set(INDEXED_KEY, settings)),
    lookedUntil: async (what) => {
      const moment = await redis().get(lookedKey(what));
      return moment === null ? null : Number(moment);
    },
    setLookedUntil: async (what, momentMs) => void (await redis().set(lookedKey(what), momentMs)),
    open: async (offset, count) => {
      const members = await redis().zrange(OPEN_KEY, String(offset), String(offset + count - 1));
      return members.map(refOfMember);
    },
    addOpen: async (ref) => void (await redis().zadd(OPEN_KEY, momentOfId(ref.analysis_id), memberOf(ref))),
    known: async (tenant, ids) => {
      const members = ids.map((analysis_id) => memberOf({ tenant, analysis_id }));
      const commands = redis().multi().zmscore(allKey(tenant), ids).zmscore(OPEN_KEY, members);
      const [listed, open] = (await execAll(commands)) as (string | null)[][];
      return { listed: listed.map((score) => score !== null), open: open.map((score) => score !== null) };
    },
    mediaDue: async (nowMs, count) => {
      const members = await redis().zrangebyscore(MEDIA_DUE_KEY, '-inf', nowMs, 'LIMIT', 0, count);
      return members.map(refOfMember);
    },
    setMediaDue: async (ref, dueMs) => void (await redis().zadd(MEDIA_DUE_KEY, dueMs, memberOf(ref))),
    clearMediaDue: async (ref) => void (await redis().zrem(MEDIA_DUE_KEY, memberOf(ref))),
    deleted: async (beforeMs) => {
      const members = await redis().zrangebyscore(DELETED_KEY, '-inf', beforeMs);
      return members.map(refOfMember);
    },
    addDeleted: async (ref, beganMs = Date.now()) =>
      void (await redis().zadd(DELETED_KEY, beganMs, memberOf(ref))),
    isDeleted: async (ref) => (await redis().zscore(DELETED_KEY, memberOf(ref))) !== null,
    clearDeleted: async (ref) => void (await redis().zrem(DELETED_KEY, memberOf(ref))),
  };
}
