import {
  isTerminal,
  submissionSchema,
  type AnalysisEvent,
  type AnalysisRef,
  type AnalysisStatus,
  type Submission,
} from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { assertConnected, execAll, KEY_PREFIX } from './connections';
import {
  allKey,
  entryKey,
  lastingLists,
  MEDIA_DUE_KEY,
  memberOf,
  momentOfId,
  OPEN_KEY,
  statusKey,
  STATUSES,
} from './index-keys';
import { ADVANCE, PLACE } from './index-scripts';
import { GROWTH_CHANNEL, KEPT_EVENTS, KEPT_EVENTS_SEC, streamKey, subjectName } from './subject-stream';

/** What is known about an analysis under way. Lost without harm: no entry means queued. */
export type IndexEntry = { status: AnalysisStatus; progress: number; startedAt: string | null };

/** What Redis knows of analyses. The records are the truth; all of this can be made again from them. */
export type AnalysisIndex = {
  /** Puts an analysis into the lists: a new one as `queued`, one of the records as they have it. */
  note(submission: Submission, status?: AnalysisStatus): Promise<void>;
  /** Notes the change and tells everyone who listens, in one step. What would go backwards is left out. */
  announce(event: AnalysisEvent): Promise<void>;
  /** Notes that all who are to hear of an end have heard, and when the recording is to go. */
  close(ref: AnalysisRef, mediaDueMs: number | null): Promise<void>;
  /** @throws CodedError `unavailable` */
  entry(ref: AnalysisRef): Promise<IndexEntry | null>;
  /**
   * The submission of what nobody has begun, so that whoever begins it need not ask the store; null where none is known.
   * @throws CodedError `unavailable`
   */
  queued(ref: AnalysisRef): Promise<Submission | null>;
  /** Takes an analysis out of everything. @returns how many entries there were */
  forget(ref: AnalysisRef, submission: Submission | null): Promise<number>;
};

export const EVENT_CHANNEL = `${KEY_PREFIX}:events:analyses`;
/** Longer than any analysis; the records know everything older. */
const KEPT_SEC = 86_400;
const KEPT_FORGOTTEN_SEC = 900;

export function createAnalysisIndex(redis: Redis): AnalysisIndex {
  return {
    note: async (submission, status = 'queued') => {
      assertConnected(redis);
      const { tenant, id, created_at } = submission;
      const ref = { tenant, analysis_id: id };
      const lists = lastingLists(submission);
      const keys = [entryKey(ref), OPEN_KEY, allKey(tenant), ...statusKeys(tenant), ...lists];
      const args = [status, id, memberOf(ref), Date.parse(created_at), KEPT_SEC, JSON.stringify(submission)];
      await redis.eval(PLACE, keys.length, ...keys, ...args);
    },
    announce: (event) => announce(redis, event),
    close: async (ref, mediaDueMs) => {
      assertConnected(redis);
      const commands = redis.multi().zrem(OPEN_KEY, memberOf(ref));
      if (mediaDueMs !== null) commands.zadd(MEDIA_DUE_KEY, mediaDueMs, memberOf(ref));
      await execAll(commands);
    },
    entry: async (ref) => {
      assertConnected(redis);
      const [status, progress, startedAt] = await redis.hmget(
        entryKey(ref),
        'status',
        'progress',
        'started_at',
      );
      if (status === null) return null;
      return { status: status as AnalysisStatus, progress: Number(progress ?? 0), startedAt };
    },
    queued: async (ref) => {
      assertConnected(redis);
      const submission = await redis.hget(entryKey(ref), 'submission');
      return submission === null ? null : submissionSchema.parse(JSON.parse(submission));
    },
    forget: (ref, submission) => forget(redis, ref, submission),
  };
}

const statusKeys = (tenant: string) => STATUSES.map((status) => statusKey(tenant, status));

async function announce(redis: Redis, event: AnalysisEvent): Promise<void> {
  const { tenant, analysis_id: id, status, progress, at } = event;
  const subject = { kind: 'analysis', tenant, id } as const;
  const keys = [entryKey(event), OPEN_KEY, allKey(tenant), ...statusKeys(tenant), streamKey(subject)];
  const told = [JSON.stringify(event), isTerminal(status) ? 1 : 0, KEPT_EVENTS, KEPT_EVENTS_SEC];
  const channels = [EVENT_CHANNEL, GROWTH_CHANNEL, subjectName(subject)];
  const args = [status, id, memberOf(event), momentOfId(id), KEPT_SEC, progress, at, ...told, ...channels];
  await redis.eval(ADVANCE, keys.length, ...keys, ...args);
}

async function forget(redis: Redis, ref: AnalysisRef, submission: Submission | null): Promise<number> {
  assertConnected(redis);
  const { tenant, analysis_id: id } = ref;
  const lists = [allKey(tenant), ...statusKeys(tenant), ...(submission ? lastingLists(submission) : [])];
  const commands = redis.multi().zrem(OPEN_KEY, memberOf(ref));
  for (const list of lists) commands.zrem(list, id);
  commands.zrem(MEDIA_DUE_KEY, memberOf(ref));
  // A worker that is at it looks here whether it was canceled.
  commands.hdel(entryKey(ref), 'submission').expire(entryKey(ref), KEPT_FORGOTTEN_SEC);
  commands.del(streamKey({ kind: 'analysis', tenant, id }));
  const counts = await execAll(commands);
  return counts.reduce<number>((sum, count) => sum + Number(count), 0);
}
