import { ALL, type GroupedSketch, type GroupReport, type Reference, type Sketch } from '@bonafide/contracts';
import { compareSketch } from './compare';
import type { References } from './references';
import { mergeSketches, RATE_NAMES } from './sketch';

type Wide = Pick<GroupReport, 'format' | 'tenant_class' | 'model_version'> & { sketch: Sketch };

/**
 * Each group, the formats of each tenant class together, and everything together; held against the bundle's training
 * recordings and, where there were enough of them, against the days before.
 */
export async function reportGroups(
  references: References,
  { now, before, minClips }: { now: GroupedSketch[]; before: GroupedSketch[]; minClips: number },
): Promise<GroupReport[]> {
  const reports: GroupReport[] = [];
  for (const version of [...new Set(now.map(({ model_version }) => model_version))].sort()) {
    const reference = await references.of(version).catch(() => null);
    if (!reference) continue;
    const own = ({ model_version }: GroupedSketch) => model_version === version;
    const earlier = widened(before.filter(own), reference);
    for (const group of widened(now.filter(own), reference)) {
      const past = earlier.find((each) => keyOf(each) === keyOf(group))?.sketch;
      reports.push(reportOf(group, reference, { past, minClips }));
    }
  }
  return reports;
}

const keyOf = ({ format, tenant_class }: Wide) => `${format}/${tenant_class}`;

/** The groups themselves, and their sums over formats and over tenant classes. */
function widened(groups: readonly GroupedSketch[], reference: Reference): Wide[] {
  const sums = new Map<string, Wide[]>();
  for (const group of groups) {
    const overFormats: Wide = { ...group, format: ALL };
    for (const wide of [group, overFormats, { ...overFormats, tenant_class: ALL }]) {
      sums.set(keyOf(wide), [...(sums.get(keyOf(wide)) ?? []), wide]);
    }
  }
  return [...sums.values()].map((own) => {
    const sketches = own.map(({ sketch }) => sketch);
    return { ...own[0], sketch: mergeSketches(sketches, reference) };
  });
}

function reportOf(
  { sketch, ...group }: Wide,
  reference: Reference,
  { past, minClips }: { past: Sketch | undefined; minClips: number },
): GroupReport {
  const fused = reference.quantities.findIndex(({ name }) => name === 'p_fake');
  const isEnough = sketch.clips >= minClips;
  const hasPast = past !== undefined && past.clips >= minClips;
  return {
    ...{ format: group.format, tenant_class: group.tenant_class, model_version: group.model_version },
    clips: sketch.clips,
    scores: sharesOf(sketch.counts[fused] ?? []),
    comparisons: [
      ...(isEnough ? [compareSketch(sketch, reference, 'training')] : []),
      ...(isEnough && hasPast ? [compareSketch(sketch, referenceOf(past, reference), 'own')] : []),
    ],
  };
}

function referenceOf(
  past: Sketch,
  { quantities }: Reference,
): Pick<Reference, 'quantities' | 'rates' | 'clips'> {
  const rates = Object.fromEntries(RATE_NAMES.map((name) => [name, past.rates[name] / past.clips]));
  return {
    clips: Math.max(1, Math.round(past.clips)),
    quantities: quantities.map((quantity, at) => ({ ...quantity, shares: sharesOf(past.counts[at]) })),
    rates: rates as Reference['rates'],
  };
}

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : Number(Math.min(1, count / total).toFixed(6))));
}
