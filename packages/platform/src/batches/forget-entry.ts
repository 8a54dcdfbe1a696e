import type { ItemState, ManifestEntry, Outcome, Submission } from '@bonafide/contracts';
import { refOf } from '../records/analyses';
import { pageOf, type BatchRecords, type RoundRef } from '../records/batches';
import type { Records } from '../records/records';
import { readBatchState } from './batch-state';
import { entryAnalysisId, roundOfEntry } from './entry-id';

/**
 * Has the lists of a batch forget what they say of a recording whose analysis is deleted; that it was there, under
 * which path and how it ended, stays, and so do the sums. Nothing happens for one that is of no batch.
 */
export async function forgetEntry(
  { batches, ...analyses }: Records,
  submission: Submission,
  ended: Outcome['status'],
): Promise<void> {
  const { tenant, batch_id, item } = submission;
  if (batch_id === undefined || item === undefined) return;
  const ref = { tenant, batch_id };
  const round = await batches.latestRound(ref);
  for (let later = roundOfEntry(submission.id) + 1; later <= round; later++) {
    // What the lists say is of that one.
    if (await analyses.submission(refOf({ tenant, id: entryAnalysisId(batch_id, item, later) }))) return;
  }
  // Before it is known whether the batch is over: whoever ends it looks for marks behind that.
  await batches.deletions.add(ref, item, ended);
  const batch = await readBatchState(batches, ref);
  if (batch?.end) await scrubPage(batches, { ...ref, round: batch.round }, pageOf(item));
}

/** Scrubs what was forgotten before the batch was over: until then its pages are written by its workers alone. */
export async function scrubPages(batches: BatchRecords, ref: RoundRef): Promise<void> {
  for (const page of await batches.deletions.pages(ref)) await scrubPage(batches, ref, page);
}

async function scrubPage(batches: BatchRecords, ref: RoundRef, page: number): Promise<void> {
  const deleted = await batches.deletions.on(ref, page);
  const entries = (await batches.manifest.read(ref, page)) ?? [];
  await batches.manifest.write(
    ref,
    page,
    entries.map((entry) => (deleted.has(entry.index) ? scrubbedEntry(entry) : entry)),
  );
  for (let round = 0; round <= ref.round; round++) {
    const lines = await batches.results.read({ ...ref, round }, page);
    const kept = lines?.map((line) =>
      deleted.has(line.index) ? { index: line.index, ...scrubbedState(line) } : line,
    );
    if (kept) await batches.results.write({ ...ref, round }, page, kept);
  }
}

/** Without what is of the recording and not of the list it came in. */
export function scrubbedEntry(entry: ManifestEntry): ManifestEntry {
  return { ...entry, sha256: undefined, original: undefined, detail: undefined, reason: 'deleted' };
}

export function scrubbedState({ status }: ItemState): ItemState {
  return { status };
}
