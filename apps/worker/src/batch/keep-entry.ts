import type { BatchRecord, ManifestEntry, Submission } from '@bonafide/contracts';
import { announceEnd, entryAnalysisId, mediaKey, refOf } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import type { BatchEntry } from './entry-source';

/** Control characters, and those that turn the direction of what stands around them. */
const INVISIBLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const MAX_NAME_CHARACTERS = 255;

type Accepted = {
  line: ManifestEntry & { bytes: number; sha256: string };
  held: Buffer | null;
  round: number;
};

/** Makes an analysis of an entry: media, record, job. Done twice it is the same analysis, queued once. */
export async function keepEntry(
  context: WorkerContext,
  record: BatchRecord,
  { line, held, round, origin }: Accepted & Pick<BatchEntry, 'origin'>,
): Promise<void> {
  const { tenant } = record;
  const id = entryAnalysisId(record.id, line.index, round);
  if (held) await context.store.put(mediaKey(refOf({ tenant, id })), held);
  await queueEntry(context, {
    ...{ format: 1, id, tenant, created_at: record.created_at },
    filename: entryFilename(line.path),
    ...{ bytes: line.bytes, sha256: line.sha256 },
    ...{ profile: record.profile, ensemble: record.ensemble, retention: record.retention },
    ...{ batch_id: record.id, item: line.index, request_id: record.request_id },
    ...{ custom_id: line.custom_id, label: line.label },
    ...origin,
  });
}

/**
 * Record, index, job, in this order: what is acknowledged can be queued again, what is queued has its record. One
 * that has ended already, taken in by a run that was cut off, ends again: its recording was stored anew.
 */
export async function queueEntry(context: WorkerContext, submission: Submission): Promise<void> {
  const { records, index, queues } = context;
  const { id, request_id } = submission;
  const ref = refOf(submission);
  const isNew = (await records.createSubmission(submission)) === 'created';
  const outcome = isNew ? null : await records.outcome(ref);
  if (outcome) return announceEnd(context, submission, outcome);
  await index.note(submission);
  await queues.add('analysis.run.bulk', id, { ...ref, request_id });
}

/** The last part of the path, without what a terminal or a log would act upon. */
function entryFilename(path: string): string {
  const visible = [...(path.split('/').at(-1) ?? '').replace(INVISIBLE, '')].slice(0, MAX_NAME_CHARACTERS);
  return visible.join('').trim() || 'recording';
}
