import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ERROR_CATALOGUE,
  MediaError,
  type AnalysisRef,
  type JobPayload,
  type Submission,
} from '@bonafide/contracts';
import { mediaKey, refOf, type GiveUpCause } from '@bonafide/platform';
import type { WorkerContext } from './context';
import { createProgressTeller } from './progress';
import { announceOutcome, settle, type Ending } from './settle';

type Payload = JobPayload<'analysis.run'>;

/**
 * One analysis from its record to its outcome. A clip at fault is an outcome like any other; every other
 * fault is thrown, for the queue to try again.
 */
export async function runAnalysis(
  context: WorkerContext,
  payload: Payload,
  signal: AbortSignal,
): Promise<void> {
  const { records, store, log } = context;
  const { workFolder } = context.engine;
  const startedAt = new Date().toISOString();
  const path = join(workFolder, payload.analysis_id);
  try {
    // Systems sweep their temporary folders under processes that live for weeks.
    await mkdir(workFolder, { recursive: true, mode: 0o700 });
    const [submission, outcome, isFetched] = await Promise.all([
      records.submission(payload),
      records.outcome(payload),
      store.fetch(mediaKey(payload), path, signal),
    ]);
    if (!submission) {
      log.warn({ ...payload }, 'a job without a submission: it was taken back');
    } else if (outcome) {
      await announceOutcome(context, outcome);
    } else {
      const ending = isFetched ? await judge(context, submission, { path, signal }) : failure('media_gone');
      await settle(context, submission, { startedAt, ending });
    }
  } finally {
    await rm(path, { force: true });
  }
}

async function judge(
  { engine, config, index, log }: WorkerContext,
  submission: Submission,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<Ending> {
  const { filename, profile, ensemble } = submission;
  const { maxDurationSec, timeoutSec } = config.analysis;
  const tell = createProgressTeller(index, refOf(submission), log);
  tell({ processedSec: 0, totalSec: undefined });
  try {
    const options = { filename, profile, ensemble, maxDurationSec, timeoutSec, signal, onProgress: tell };
    return { status: 'succeeded', report: await engine.detector.detect(path, options) };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { status: 'failed', error: { code: error.code, message: error.message } };
  }
}

/** The end of an analysis that no attempt could finish. */
export async function giveUpAnalysis(
  context: WorkerContext,
  ref: AnalysisRef,
  cause: GiveUpCause,
): Promise<void> {
  const submission = await context.records.submission(ref);
  if (!submission) return;
  const startedAt = (await context.index.entry(ref).catch(() => null))?.startedAt ?? null;
  const ending = failure(cause.kind === 'crashed' ? 'worker_crashed' : 'internal_error');
  await settle(context, submission, { startedAt, ending });
}

function failure(code: 'media_gone' | 'worker_crashed' | 'internal_error'): Ending {
  return { status: 'failed', error: { code, message: ERROR_CATALOGUE[code].title } };
}
