import type { BatchItem } from '@bonafide/contracts';
import type { Judged } from '../../parts/verdict-tag';

export const FILTERS = [
  'all',
  'cloned',
  'partly',
  'real',
  'inconclusive',
  'changed',
  'failed',
  'skipped',
  'canceled',
  'pending',
] as const;
export const SORTS = ['order', 'highest', 'lowest', 'name'] as const;
export type Filter = (typeof FILTERS)[number];
export type Sort = (typeof SORTS)[number];

const isSure = ({ decision }: BatchItem) => decision === 'conclusive';

/** What an entry that was scored again had come to before, where it had. */
export function answerBefore({
  original,
}: BatchItem): (Judged & { p_fake: number; model_version: string }) | null {
  if (!original || original.verdict === null || original.p_fake === null) return null;
  const { verdict, p_fake, decision = null, model_version } = original;
  return { verdict, p_fake, decision, partially_cloned: null, model_version: model_version ?? '' };
}

/** Another verdict, or the same one that is certain now or no longer is. */
export function hasOtherAnswer(item: BatchItem): boolean {
  const before = answerBefore(item);
  if (!before || item.verdict === null) return false;
  return before.verdict !== item.verdict || (before.decision ?? item.decision) !== item.decision;
}

const KEEPS: Record<Filter, (item: BatchItem) => boolean> = {
  all: () => true,
  cloned: (item) => item.verdict === 'CLONED' && isSure(item),
  partly: (item) => item.partially_cloned === true,
  real: (item) => item.verdict === 'AUTHENTIC' && isSure(item),
  inconclusive: (item) => item.decision === 'inconclusive',
  changed: hasOtherAnswer,
  failed: ({ status }) => status === 'failed',
  skipped: ({ status }) => status === 'skipped',
  canceled: ({ status }) => status === 'canceled',
  pending: ({ status }) => status === 'queued' || status === 'processing',
};

const compareText = new Intl.Collator(undefined, { numeric: true }).compare;

/** Entries without a score come last, whichever way scores are sorted. */
const ORDERS: Record<Sort, (a: BatchItem, b: BatchItem) => number> = {
  order: (a, b) => a.index - b.index,
  highest: (a, b) => (b.p_fake ?? -1) - (a.p_fake ?? -1),
  lowest: (a, b) => (a.p_fake ?? 2) - (b.p_fake ?? 2),
  name: (a, b) => compareText(a.path, b.path),
};

export type Wish = { filter: Filter; sort: Sort; search: string };

/** The entries to be shown, in their order. */
export function select(items: readonly BatchItem[], { filter, sort, search }: Wish): readonly BatchItem[] {
  const wanted = search.trim().toLowerCase();
  const matches = ({ path, custom_id }: BatchItem) =>
    wanted === '' ||
    path.toLowerCase().includes(wanted) ||
    (custom_id?.toLowerCase().includes(wanted) ?? false);
  const kept = items.filter((item) => KEEPS[filter](item) && matches(item));
  return sort === 'order' ? kept : kept.sort(ORDERS[sort]);
}
