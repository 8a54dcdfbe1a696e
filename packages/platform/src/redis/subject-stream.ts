import { CodedError } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { assertConnected, execAll, KEY_PREFIX } from './connections';

/** What events are about. */
export type Subject = { kind: 'analysis' | 'batch'; tenant: string; id: string };
/** `isLast`: nothing follows. */
export type SubjectEvent = { type: string; data: object; isLast: boolean };
/** `id` sorts by time, also over a restart of Redis. */
export type StoredEvent = SubjectEvent & { id: string };

/** Hints that a stream has grown, for those who follow it: the name of the subject. */
export const GROWTH_CHANNEL = `${KEY_PREFIX}:events:growth`;
/** Progress is told four times a second at most; a follower that fell further behind misses some of it. */
export const KEPT_EVENTS = 256;
/** Counted from the last event: long enough to come back to, short enough for archives of many entries. */
export const KEPT_EVENTS_SEC = 3_600;

export const subjectName = ({ kind, tenant, id }: Subject) => `${kind}:${tenant}:${id}`;
export const streamKey = (subject: Subject) => `${KEY_PREFIX}:stream:${subjectName(subject)}`;

const POSITION = /^\d{1,15}-\d{1,15}$/;

/** Adds an event to what is told of the subject, and wakes those who follow it. */
export async function appendEvent(redis: Redis, subject: Subject, event: SubjectEvent): Promise<void> {
  assertConnected(redis);
  const key = streamKey(subject);
  const fields = ['type', event.type, 'data', JSON.stringify(event.data), 'last', event.isLast ? '1' : '0'];
  await execAll(
    redis
      .multi()
      .xadd(key, 'MAXLEN', '~', KEPT_EVENTS, '*', ...fields)
      .expire(key, KEPT_EVENTS_SEC)
      .publish(GROWTH_CHANNEL, subjectName(subject)),
  );
}

/**
 * What was told behind the position, oldest first; from the beginning of what is kept without one.
 * @throws CodedError `unavailable`
 */
export async function readEvents(redis: Redis, subject: Subject, after?: string): Promise<StoredEvent[]> {
  assertConnected(redis);
  try {
    const from = after !== undefined && POSITION.test(after) ? `(${after}` : '-';
    const entries = await redis.xrange(streamKey(subject), from, '+', 'COUNT', KEPT_EVENTS * 2);
    return entries.map(([id, fields]) => ({ id, ...readFields(fields) }));
  } catch (error) {
    throw new CodedError('unavailable', 'The events cannot be reached', { cause: error });
  }
}

function readFields(fields: string[]): SubjectEvent {
  const value = (name: string) => fields[fields.indexOf(name) + 1];
  return { type: value('type'), data: JSON.parse(value('data')) as object, isLast: value('last') === '1' };
}
