import {
  ALL,
  type DriftComparison,
  type Finding,
  type FindingKind,
  type GroupReport,
} from '@bonafide/contracts';
import { PSI_LIMIT, RATE_CHANGE_LIMIT } from './compare';
import { RATE_NAMES } from './sketch';

/** Share of the features that must have moved before that is worth saying. */
export const FEATURES_MOVED_LIMIT = 0.25;
const MOST = 10;

/** What is worth telling of all groups. A sum that has only one part says nothing that its part does not. */
export function tellableFindings(groups: readonly GroupReport[]): Finding[] {
  return groups.filter((group) => !groups.some((other) => isAllOf(other, group))).flatMap(findingsOf);
}

/** Whether every recording of a sum is of one narrower group. */
function isAllOf(part: GroupReport, whole: GroupReport): boolean {
  const isOfClass = whole.tenant_class === ALL || part.tenant_class === whole.tenant_class;
  const isNarrower = part.format !== ALL || (part.tenant_class !== ALL && whole.tenant_class === ALL);
  const isSame = part.model_version === whole.model_version && part.clips === whole.clips;
  return whole.format === ALL && isOfClass && isNarrower && isSame;
}

/** What is worth telling of a group of recordings. */
export function findingsOf(group: GroupReport): Finding[] {
  return group.comparisons.flatMap((comparison) => [
    ...movedFeatures(group, comparison),
    ...movedScores(group, comparison),
    ...movedRates(group, comparison),
  ]);
}

type Measured = Pick<Finding, 'value' | 'limit' | 'most'>;

function finding(
  group: GroupReport,
  { against }: DriftComparison,
  kind: FindingKind,
  measured: Measured,
): Finding {
  const { format, tenant_class, model_version, clips } = group;
  return { kind, against, format, tenant_class, model_version, clips: Math.round(clips), ...measured };
}

function movedFeatures(group: GroupReport, comparison: DriftComparison): Finding[] {
  const { features_moved: value } = comparison;
  if (value <= FEATURES_MOVED_LIMIT) return [];
  const most = mostOf(comparison, 'feature');
  return [finding(group, comparison, 'features', { value, limit: FEATURES_MOVED_LIMIT, most })];
}

function movedScores(group: GroupReport, comparison: DriftComparison): Finding[] {
  const moved = mostOf(comparison, 'score').filter(({ has_moved }) => has_moved);
  if (moved.length === 0) return [];
  return [finding(group, comparison, 'scores', { value: moved[0].psi, limit: PSI_LIMIT, most: moved })];
}

function movedRates(group: GroupReport, comparison: DriftComparison): Finding[] {
  return RATE_NAMES.flatMap((name) => {
    const { now, has_moved } = comparison.rates[name];
    if (!has_moved) return [];
    return [finding(group, comparison, name, { value: now, limit: RATE_CHANGE_LIMIT, most: [] })];
  });
}

function mostOf({ quantities }: DriftComparison, kind: 'feature' | 'score') {
  return quantities
    .filter((each) => each.kind === kind)
    .sort((a, b) => b.psi - a.psi)
    .slice(0, MOST);
}
