import {
  ENTRIES_A_PAGE,
  type BatchRecord,
  type BatchRef,
  type Expansion,
  type Outcome,
  type Survey,
} from '@bonafide/contracts';
import { refOf } from '../records/analyses';
import { createBatchBoard } from '../redis/batch-board';
import { announceEnd } from '../upkeep/announce-end';
import type { Upkeep } from '../upkeep/upkeep';
import { batchRefOf, type BatchState } from './batch-state';
import { entryAnalysisId } from './entry-id';
import { inParallel } from './in-parallel';
import { readItemPage } from './item-pages';

const AT_A_TIME = 8;
/** Entries that are stored and queued while the next ones are read, and are not in the list yet. */
export const KEPT_AT_A_TIME = 8;

/** Ends every analysis of a batch that has not ended, as canceled. One that ends first stays as it ended. */
export async function cancelEntries(upkeep: Upkeep, batch: BatchState): Promise<void> {
  const sources = { records: upkeep.records, board: createBatchBoard(upkeep.redis) };
  const ref = batchRefOf(batch.record);
  for (let page = 0; ; page++) {
    const entries = await readItemPage(sources, batch, page);
    if (!entries) return;
    const open = entries.flatMap(({ state }) =>
      state?.status === 'queued' || state?.status === 'processing' ? (state.analysis_id ?? []) : [],
    );
    await inParallel(AT_A_TIME, open, (id) => cancelEntry(upkeep, ref, id));
  }
}

/**
 * Taking in that was cut off has queued entries that it had not listed yet. Where it will not go on, they are
 * canceled and count for nothing: their batch has no place for them.
 */
export async function leaveOutUnlisted(
  upkeep: Upkeep,
  record: BatchRecord,
  expansion: Expansion,
): Promise<void> {
  const ref = batchRefOf(record);
  const survey = await upkeep.records.batches.surveys.get(ref);
  if (!survey) return;
  const unlisted = Math.max(0, entriesOf(survey) - expansion.entries);
  const length = Math.min(unlisted, ENTRIES_A_PAGE + KEPT_AT_A_TIME);
  const ahead = Array.from({ length }, (_unused, n) => expansion.entries + n);
  await inParallel(AT_A_TIME, ahead, async (index) => {
    const id = entryAnalysisId(record.id, index, 0);
    // What has ended is seen to: every telling asks for the end of the batch, which would call this again.
    const isOver = (await upkeep.records.outcome(refOf({ tenant: record.tenant, id }))) !== null;
    if (!isOver) await cancelEntry(upkeep, ref, id);
  });
  await createBatchBoard(upkeep.redis).leaveOut({ ...ref, round: 0 }, ahead);
}

function entriesOf(survey: Survey): number {
  if (survey.kind === 'archive') return survey.entries;
  if (survey.kind === 'prefix') return survey.objects.length;
  return survey.kind === 'list' ? survey.items.length : survey.analyses.length;
}

async function cancelEntry(upkeep: Upkeep, { tenant }: BatchRef, id: string): Promise<void> {
  const { records, queues } = upkeep;
  const submission = await records.submission(refOf({ tenant, id }));
  if (!submission) return;
  const finished_at = new Date().toISOString();
  const outcome: Outcome = { format: 1, id, tenant, started_at: null, finished_at, status: 'canceled' };
  const written = await records.createOutcome(outcome);
  const standing = written === 'created' ? outcome : await records.outcome(refOf(submission));
  if (standing) await announceEnd(upkeep, submission, standing);
  // One that is being worked on cannot be taken out; its worker finds the end there.
  await queues
    .of('bulk')
    .remove(id)
    .catch(() => 0);
}
