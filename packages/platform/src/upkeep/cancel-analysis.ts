import type { Outcome, Submission } from '@bonafide/contracts';
import { refOf } from '../records/analyses';
import { announceEnd } from './announce-end';
import { removeJob } from './delete-analysis';
import type { Upkeep } from './upkeep';

/**
 * Ends an analysis as canceled. The outcome is written here, so it stands at once; a job that waits is taken
 * away, and a worker that is at it stops between two windows.
 * @returns the outcome, or null where the analysis has ended already
 */
export async function endAsCanceled(upkeep: Upkeep, submission: Submission): Promise<Outcome | null> {
  const { records, queues, index, log } = upkeep;
  const ref = refOf(submission);
  const entry = await index.entry(ref);
  const outcome: Outcome = {
    format: 1,
    id: submission.id,
    tenant: submission.tenant,
    status: 'canceled',
    started_at: entry?.startedAt ?? null,
    finished_at: new Date().toISOString(),
  };
  if ((await records.createOutcome(outcome)) === 'exists') return null;
  const queue = submission.batch_id === undefined ? 'analyses' : 'bulk';
  await removeJob(queues.of(queue), submission.id).catch((error: unknown) => {
    log.warn({ err: error, ...ref }, 'the job of a canceled analysis could not be removed');
  });
  await announceEnd(upkeep, submission, outcome);
  return outcome;
}
