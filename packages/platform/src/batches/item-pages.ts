import {
  hasChanged,
  type BatchItem,
  type BatchRef,
  type ItemState,
  type ManifestEntry,
  type Outcome,
} from '@bonafide/contracts';
import type { Records } from '../records/records';
import type { BatchBoard } from '../redis/batch-board';
import { batchRefOf, type BatchState } from './batch-state';
import { entryAnalysisId } from './entry-id';
import { scrubbedEntry, scrubbedState } from './forget-entry';
import { inParallel } from './in-parallel';

type Sources = { records: Records; board: BatchBoard };

/** An entry, and what became of it where it was accepted. */
export type FullEntry = { entry: ManifestEntry; state: ItemState | null };

/** Outcomes read at a time where the board has been lost. */
const READS_AT_A_TIME = 16;

/**
 * A page of the manifest with the present state of each entry; null behind the last page. Of a round that is over
 * the records alone are asked.
 * @throws CodedError `unavailable` for a round under way when Redis is away
 */
export async function readItemPage(
  sources: Sources,
  batch: BatchState,
  page: number,
): Promise<FullEntry[] | null> {
  const { batches } = sources.records;
  const { round, end, retry, expansion } = batch;
  const ref = batchRefOf(batch.record);
  const lines = await batches.manifest.read(ref, page);
  if (!lines) return null;
  // A worker that was taken for dead may note more on a page than the list had when it was closed.
  const entries = lines.filter(({ index }) => !expansion || index < expansion.entries);
  const settled = end ? round : round - 1;
  const states = new Map<number, ItemState>();
  if (settled >= 0) {
    const results = (await batches.results.read({ ...ref, round: settled }, page)) ?? [];
    for (const { index, ...state } of results) states.set(index, state);
  }
  if (!end) {
    const retried = retry && new Set(retry.items);
    const open = entries
      .filter(({ state, index }) => (retried ? retried.has(index) : state === 'accepted'))
      .map(({ index }) => index);
    for (const [index, state] of await liveStates(sources, { ...ref, round }, open)) states.set(index, state);
  }
  const deleted = await batches.deletions.on(ref, page);
  for (const index of deleted) {
    // With the board gone nothing else tells how it ended.
    if (states.get(index)?.status === 'queued')
      states.set(index, { status: await batches.deletions.endOf(ref, index) });
  }
  return entries.map((entry) => {
    const state = states.get(entry.index) ?? null;
    return deleted.has(entry.index)
      ? { entry: scrubbedEntry(entry), state: state && scrubbedState(state) }
      : { entry, state };
  });
}

/** From the board; where that was lost, from the records of the analyses. */
async function liveStates(
  { records, board }: Sources,
  ref: BatchRef & { round: number },
  indexes: readonly number[],
): Promise<[number, ItemState][]> {
  const [{ isWhole }, states] = await Promise.all([board.read(ref), board.states(ref, indexes)]);
  const known = indexes.map((index, place): [number, ItemState | null] => [index, states[place]]);
  return inParallel(READS_AT_A_TIME, known, async ([index, state]) => {
    if (state) return [index, state];
    const analysis_id = entryAnalysisId(ref.batch_id, index, ref.round);
    const outcome = isWhole ? null : await records.outcome({ tenant: ref.tenant, analysis_id });
    return [index, outcome ? stateOfOutcome(outcome) : { status: 'queued', analysis_id }];
  });
}

/** What a batch wants to know of an analysis that has ended. */
export function stateOfOutcome(outcome: Outcome): ItemState {
  const { id: analysis_id, status } = outcome;
  if (status === 'failed') return { status, analysis_id, error: outcome.error };
  if (status === 'canceled') return { status, analysis_id };
  const { ensemble_result, p_fake, decision, partially_cloned, cached } = outcome.report;
  const { verdict } = ensemble_result;
  return { status, analysis_id, verdict, p_fake, decision: decision.status, partially_cloned, cached };
}

/** An entry as its client sees it: with every field, null where there is nothing to say. */
export function viewItem({ entry, state }: FullEntry): BatchItem {
  const { index, path, bytes, sha256, reason, detail, duplicate_of, custom_id, label } = entry;
  return {
    index,
    path,
    path_raw: entry.path_raw ?? Buffer.from(path).toString('base64'),
    bytes: bytes ?? null,
    sha256: sha256 ?? null,
    status: state?.status ?? (entry.state === 'accepted' ? 'queued' : entry.state),
    reason: reason ?? null,
    detail: detail ?? null,
    error: (state ? state.error : entry.error) ?? null,
    duplicate_of: duplicate_of ?? null,
    custom_id: custom_id ?? null,
    label: label ?? null,
    analysis_id: state?.analysis_id ?? null,
    verdict: state?.verdict ?? null,
    p_fake: state?.p_fake ?? null,
    decision: state?.decision ?? null,
    partially_cloned: state?.partially_cloned ?? null,
    cached: state?.cached ?? false,
    original: entry.original ?? null,
    changed: state && hasChanged(entry.original, state),
  };
}
