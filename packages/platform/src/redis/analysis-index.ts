import type { AnalysisEvent, AnalysisRef, AnalysisStatus } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { assertConnected, KEY_PREFIX } from './connections';

/** What is known about an analysis under way. Lost without harm: no entry means queued. */
export type IndexEntry = { status: AnalysisStatus; progress: number; startedAt: string | null };

export type AnalysisIndex = {
  /** Notes the change and tells everyone who listens, in one round trip. */
  announce(event: AnalysisEvent): Promise<void>;
  /** @throws CodedError `unavailable` */
  entry(ref: AnalysisRef): Promise<IndexEntry | null>;
};

export const EVENT_CHANNEL = `${KEY_PREFIX}:events:analyses`;
/** Longer than any analysis; the records know everything older. */
const KEPT_SEC = 86_400;

const keyOf = ({ tenant, analysis_id }: AnalysisRef) => `${KEY_PREFIX}:analysis:${tenant}:${analysis_id}`;

export function createAnalysisIndex(redis: Redis): AnalysisIndex {
  return {
    announce: async (event) => {
      const key = keyOf(event);
      const commands = redis.multi().hset(key, { status: event.status, progress: event.progress });
      if (event.status === 'processing') commands.hsetnx(key, 'started_at', event.at);
      const results = await commands
        .expire(key, KEPT_SEC)
        .publish(EVENT_CHANNEL, JSON.stringify(event))
        .exec();
      const failed = results?.find(([error]) => error !== null)?.[0];
      if (failed) throw failed;
    },
    entry: async (ref) => {
      assertConnected(redis);
      const [status, progress, startedAt] = await redis.hmget(keyOf(ref), 'status', 'progress', 'started_at');
      if (status === null) return null;
      return { status: status as AnalysisStatus, progress: Number(progress), startedAt };
    },
  };
}
