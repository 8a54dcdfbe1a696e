import { randomUUID } from 'node:crypto';
import type { GroupedSketch, Reference, SketchGroup } from '@bonafide/contracts';
import type { Logger } from '../logger';
import type { RedisConnection } from '../redis/connections';
import { hourOf, putPart } from './hour-board';
import { binOf, emptySketch, RATE_NAMES } from './sketch';

/** What one clip adds: bins of its windows by feature, values of its scores and measures, and how it was decided. */
export type Observed = {
  group: SketchGroup;
  /** Counts of windows by quantity and bin; empty for quantities that a clip has only one value of. */
  windowCounts: readonly (readonly number[])[];
  windows: number;
  values: Readonly<Record<string, number>>;
  reasons: readonly string[];
  isInconclusive: boolean;
};

export type SketchKeeper = {
  add(reference: Reference, observed: Observed): void;
  /** Sends what was counted last. */
  stop(): Promise<void>;
};

const SEND_MS = 5_000;
const DECIMALS = 4;

/** Counts in memory, and sends the running totals of the hour every few seconds; nobody waits for it. */
export function createSketchKeeper(redis: RedisConnection, log: Logger): SketchKeeper {
  const by = randomUUID();
  const hours = new Map<string, Map<string, GroupedSketch>>();
  const unsent = new Set<string>();
  const send = async () => {
    if (redis.status !== 'ready') return;
    for (const hour of [...unsent]) {
      unsent.delete(hour);
      const groups = [...(hours.get(hour)?.values() ?? [])].map(shortened);
      await putPart(redis, { hour, by, groups }).catch((error: Error) => {
        unsent.add(hour);
        log.debug({ err: error }, 'sketches could not be sent');
      });
    }
    const now = hourOf(Date.now());
    for (const hour of hours.keys()) if (hour < now && !unsent.has(hour)) hours.delete(hour);
  };
  const timer = setInterval(() => void send(), SEND_MS);
  timer.unref();
  return {
    add: (reference, observed) => {
      const hour = hourOf(Date.now());
      const groups = hours.get(hour) ?? new Map<string, GroupedSketch>();
      hours.set(hour, groups);
      const key = JSON.stringify(observed.group);
      const found = groups.get(key) ?? { ...observed.group, sketch: emptySketch(reference) };
      groups.set(key, found);
      addTo(found, reference, observed);
      unsent.add(hour);
    },
    stop: async () => {
      clearInterval(timer);
      await send();
    },
  };
}

function addTo({ sketch }: GroupedSketch, { quantities }: Reference, observed: Observed): void {
  const { windowCounts, windows, values, reasons } = observed;
  sketch.clips += 1;
  quantities.forEach(({ name, kind, edges }, at) => {
    const counts = sketch.counts[at];
    if (kind === 'feature' && windows > 0) {
      windowCounts[at].forEach((count, bin) => (counts[bin] += count / windows));
    } else if (kind !== 'feature' && Number.isFinite(values[name])) counts[binOf(edges, values[name])] += 1;
  });
  for (const rate of RATE_NAMES) {
    const has = rate === 'inconclusive' ? observed.isInconclusive : reasons.includes(rate);
    if (has) sketch.rates[rate] += 1;
  }
}

function shortened({ sketch, ...group }: GroupedSketch): GroupedSketch {
  const counts = sketch.counts.map((bins) => bins.map((count) => Number(count.toFixed(DECIMALS))));
  return { ...group, sketch: { ...sketch, counts } };
}
