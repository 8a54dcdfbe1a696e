import { openJob, type AnalysisRef, type QueueName } from '@bonafide/contracts';
import { endAsCanceled, type Upkeep } from '@bonafide/platform';

const CHUNK = 100;

/** Ends the analyses that wait in the queue as canceled. @returns how many */
export async function drainAnalyses(upkeep: Upkeep, name: QueueName): Promise<number> {
  const queue = upkeep.queues.of(name);
  let ended = 0;
  for (;;) {
    const jobs = (await queue.getJobs(['waiting', 'prioritized', 'delayed'], 0, CHUNK - 1)).filter(Boolean);
    if (jobs.length === 0) return ended;
    for (const job of jobs) {
      if (await end(upkeep, openJob('analysis.run', job.data))) ended++;
      // Where its analysis had ended or is gone, the job is still there; where a worker took it, it stays his.
      await queue.remove(job.id as string).catch(() => 0);
    }
  }
}

async function end(upkeep: Upkeep, ref: AnalysisRef): Promise<boolean> {
  const submission = await upkeep.records.submission(ref);
  return submission !== null && (await endAsCanceled(upkeep, submission)) !== null;
}
