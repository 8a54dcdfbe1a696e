import type { GroupedSketch, Reference, SketchGroup, SketchRecord } from '@bonafide/contracts';
import type { Records } from '../records/records';
import type { RedisConnection } from '../redis/connections';
import { dayOf, hourOf, hoursBack, readParts } from './hour-board';
import type { References } from './references';
import { mergeSketches } from './sketch';

type Context = { records: Records; redis: RedisConnection };
type Parts = SketchRecord['parts'];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** An hour that ended so long ago hears of nothing more. */
const SETTLED_MS = 2 * HOUR_MS;
const ONE = 'all';

/**
 * Brings what the processes have counted from Redis into the store, and gives the hours that a window back from now
 * touches. Each process's running total replaces its earlier one, so nothing counts twice, and what the store has
 * stays when Redis has lost it.
 */
export async function keepHours(
  context: Context,
  references: References,
  { nowMs, windowSec }: { nowMs: number; windowSec: number },
): Promise<GroupedSketch[]> {
  const groups: GroupedSketch[] = [];
  const settledBefore = hourOf(nowMs - SETTLED_MS);
  for (const hour of hoursBack(nowMs, Math.max(windowSec, DAY_MS / 1000))) {
    const kept = (await context.records.monitoring.sketches.get({ period: hour }))?.parts ?? {};
    const isOver = ONE in kept;
    const parts = isOver ? kept : join(kept, await readParts(context.redis, hour));
    const settled =
      !isOver && hour < settledBefore ? await mergeParts(references, Object.values(parts).flat()) : null;
    const written = settled ? { [ONE]: settled } : parts;
    if (JSON.stringify(written) !== JSON.stringify(kept) && Object.keys(written).length > 0) {
      await context.records.monitoring.sketches.put({ format: 1, period: hour, parts: written });
    }
    if (hour >= hourOf(nowMs - windowSec * 1000)) groups.push(...Object.values(written).flat());
  }
  return groups;
}

/** Of one process the one that counted more is the later one. */
function join(kept: Parts, seen: Parts): Parts {
  const clipsOf = (groups: readonly GroupedSketch[] = []) =>
    groups.reduce((sum, { sketch }) => sum + sketch.clips, 0);
  const joined = { ...kept };
  for (const [by, groups] of Object.entries(seen)) {
    if (clipsOf(groups) >= clipsOf(kept[by])) joined[by] = groups;
  }
  return joined;
}

/** The hours of a day in one document, once the day is over; what came in on it, for later days to be held against. */
export async function keepDay(context: Context, references: References, nowMs: number): Promise<void> {
  const day = dayOf(nowMs - DAY_MS - SETTLED_MS - HOUR_MS);
  const { sketches } = context.records.monitoring;
  if (await sketches.get({ period: day })) return;
  const groups: GroupedSketch[] = [];
  for await (const { doc } of sketches.list(`monitoring/sketches/${day}T`)) {
    groups.push(...Object.values(doc.parts).flat());
  }
  const merged = await mergeParts(references, groups);
  await sketches.create({ format: 1, period: day, parts: { [ONE]: merged } });
}

/** What came in on the days before, each day that is known. */
export async function readDays(
  { records }: Pick<Context, 'records'>,
  { beforeMs, days }: { beforeMs: number; days: number },
): Promise<GroupedSketch[]> {
  const wanted = Array.from({ length: days }, (_, back) => dayOf(beforeMs - (back + 1) * DAY_MS));
  const found = await Promise.all(wanted.map((period) => records.monitoring.sketches.get({ period })));
  return found.flatMap((doc) => Object.values(doc?.parts ?? {}).flat());
}

export const groupKeyOf = ({ format, tenant_class, model_version }: SketchGroup) =>
  JSON.stringify([format, tenant_class, model_version]);

/** One sketch a group. Groups of a bundle without a reference cannot be read and are left out. */
export async function mergeParts(
  references: References,
  groups: readonly GroupedSketch[],
): Promise<GroupedSketch[]> {
  const byKey = new Map<string, GroupedSketch[]>();
  for (const each of groups) byKey.set(groupKeyOf(each), [...(byKey.get(groupKeyOf(each)) ?? []), each]);
  const merged: GroupedSketch[] = [];
  for (const own of byKey.values()) {
    const { sketch: _sketch, ...group } = own[0];
    const reference: Reference | null = await references.of(group.model_version).catch(() => null);
    if (!reference) continue;
    merged.push({
      ...group,
      sketch: mergeSketches(
        own.map(({ sketch }) => sketch),
        reference,
      ),
    });
  }
  return merged;
}
