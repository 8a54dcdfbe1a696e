import { groupedSketchSchema, type GroupedSketch } from '@bonafide/contracts';
import { z } from 'zod';
import { assertConnected, KEY_PREFIX, type RedisConnection } from '../redis/connections';

/** Long enough for a worker's last word on an hour, and for a scheduled job that was away. */
const KEPT_SEC = 3 * 86_400;
const HOUR_MS = 3_600_000;

const partSchema = z.array(groupedSketchSchema);
const keyOf = (hour: string) => `${KEY_PREFIX}:sketch:${hour}`;

export const hourOf = (momentMs: number) => new Date(momentMs).toISOString().slice(0, 13);
export const dayOf = (momentMs: number) => new Date(momentMs).toISOString().slice(0, 10);

/** The hours that a window back from now touches, the oldest first. */
export function hoursBack(nowMs: number, windowSec: number): string[] {
  const hours: string[] = [];
  for (let at = nowMs - windowSec * 1000; at < nowMs; at += HOUR_MS) hours.push(hourOf(at));
  return [...new Set([...hours, hourOf(nowMs)])];
}

/** Replaces what a process has counted in an hour so far: sent twice, it counts once. */
export async function putPart(
  redis: RedisConnection,
  { hour, by, groups }: { hour: string; by: string; groups: readonly GroupedSketch[] },
): Promise<void> {
  assertConnected(redis);
  await redis.multi().hset(keyOf(hour), by, JSON.stringify(groups)).expire(keyOf(hour), KEPT_SEC).exec();
}

/** What each process has counted in an hour. */
export async function readParts(
  redis: RedisConnection,
  hour: string,
): Promise<Record<string, GroupedSketch[]>> {
  assertConnected(redis);
  const fields = Object.entries(await redis.hgetall(keyOf(hour)));
  return Object.fromEntries(fields.map(([by, text]) => [by, partSchema.parse(JSON.parse(text))]));
}
