import {
  type BatchEnd,
  type BatchRecord,
  type BatchRef,
  type BatchRound,
  type Expansion,
  type Survey,
} from '@bonafide/contracts';
import type { BatchRecords } from '../records/batches';

/** What the records say about a batch. `previous` is the end of the round before the present one. */
export type BatchState = {
  record: BatchRecord;
  survey: Survey | null;
  expansion: Expansion | null;
  round: number;
  retry: BatchRound | null;
  end: BatchEnd | null;
  previous: BatchEnd | null;
};

export const batchRefOf = ({ tenant, id }: { tenant: string; id: string }): BatchRef => ({
  tenant,
  batch_id: id,
});

/** Null where there is no such batch. */
export async function readBatchState(batches: BatchRecords, ref: BatchRef): Promise<BatchState | null> {
  const record = await batches.get(ref);
  if (!record) return null;
  const round = await batches.latestRound(ref);
  const [end, expansion] = await Promise.all([
    batches.ends.get({ ...ref, round }),
    batches.expansions.get(ref),
  ]);
  const isRetried = round > 0;
  const [survey, retry, previous] = await Promise.all([
    // Long for a long list; once everything was taken in, the expansion tells what is asked of it.
    expansion ? null : batches.surveys.get(ref),
    isRetried ? batches.rounds.get({ ...ref, round }) : null,
    isRetried && !end ? batches.ends.get({ ...ref, round: round - 1 }) : null,
  ]);
  return { record, survey, expansion, round, retry, end, previous };
}

/** How many entries there are to take in; null until it is known. */
export function surveyedEntries(survey: Survey | null): number | null {
  if (!survey) return null;
  if (survey.kind === 'archive') return survey.entries;
  if (survey.kind === 'reanalysis') return survey.analyses.length;
  return survey.kind === 'list' ? survey.items.length : survey.objects.length;
}
