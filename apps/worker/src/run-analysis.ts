import {
  ERROR_CATALOGUE,
  MediaError,
  type AnalysisRef,
  type JobPayload,
  type Submission,
} from '@bonafide/contracts';
import type { Detector } from '@bonafide/pipeline';
import { noteEntryBegun, refOf, type GiveUpCause } from '@bonafide/platform';
import { fetchRecording, type ArrivingRecording } from './arriving-recording';
import type { WorkerContext } from './context';
import { forgetIfDeleted } from './deleted-meanwhile';
import { watchForCancel } from './cancellation';
import { claimResult, noteResult } from './known-result';
import { timed } from './measures';
import { createProgressTeller } from './progress';
import { isRefusal } from './serving/load-bundle';
import type { Serving } from './serving/serving';
import { settle, tellOfEnd, type Ending } from './settle';

type Payload = JobPayload<'analysis.run'>;

type Going = {
  signal: AbortSignal;
  /** Where it gives way to what somebody waits for, and how many times as long it may take for that. */
  betweenWindows?: () => Promise<void>;
  patience?: number;
};

/**
 * One analysis from its record to its outcome. A clip at fault is an outcome like any other; every other
 * fault is thrown, for the queue to try again.
 */
export async function runAnalysis(context: WorkerContext, payload: Payload, going: Going): Promise<void> {
  const { records, index, log } = context;
  const startedAt = new Date().toISOString();
  const recording = await fetchRecording(context, payload, going.signal);
  try {
    // Two requests to the store saved for each job. Where the index is behind, work is done in vain: its outcome is second.
    const queued = await index.queued(payload).catch(() => null);
    const [submission, outcome] = queued
      ? [queued, null]
      : await Promise.all([records.submission(payload), records.outcome(payload)]);
    if (!submission) {
      log.warn({ ...payload }, 'a job without a submission: it was taken back');
    } else if (outcome) {
      await tellOfEnd(context, submission, outcome);
    } else {
      await noteEntryBegun(context, submission);
      await answer(context, submission, { ...going, recording, startedAt });
    }
  } finally {
    await recording.remove();
  }
}

type Answering = Going & { recording: ArrivingRecording; startedAt: string };

/** By one bundle from beginning to end, whatever becomes the active one meanwhile. */
async function answer(
  context: WorkerContext,
  submission: Submission,
  { recording, startedAt, ...going }: Answering,
): Promise<void> {
  const { serving, shadow, metrics } = context.engine;
  const lease = await leaseFor(serving, submission);
  if ('error' in lease) {
    await settle(context, submission, { startedAt, ending: { status: 'failed', ...lease } });
    return;
  }
  const { detector, role } = lease;
  const { manifest } = detector;
  try {
    const [{ known, isNoted }, isThere] = await Promise.all([
      claimResult(context, submission, detector),
      recording.arrived(submission),
    ]);
    await going.betweenWindows?.();
    const ending = known
      ? ({ status: 'succeeded', report: known } as const)
      : isThere
        ? await judge(context, submission, { ...going, path: recording.path, detector, startedAt })
        : await endWithoutRecording(context, submission);
    if (!ending) {
      context.log.info({ ...refOf(submission) }, 'an analysis was ended by others');
      return void (await forgetIfDeleted(context, submission));
    }
    const isLeft = await settle(context, submission, { startedAt, ending });
    if (!isLeft || ending.status !== 'succeeded' || known) return;
    if (!isNoted) await noteResult(context, submission, detector);
    metrics.count('bonafide_model_analyses_total', { model_version: manifest.version, role });
    if (role === 'pinned') return;
    await shadow.offer(submission, ending.report, recording.path).catch((error: Error) => {
      context.log.warn({ err: error, analysis_id: submission.id }, 'the shadow was not asked');
    });
  } finally {
    lease.release();
  }
}

/** Null where the index was behind: of what was taken back the store has nothing. */
async function endWithoutRecording(
  { records }: WorkerContext,
  submission: Submission,
): Promise<Ending | null> {
  return (await records.submission(refOf(submission))) && failure('media_gone');
}

/** The bundle that is to answer; of one that was asked for by name and cannot be had, why. */
async function leaseFor(serving: Serving, { id, reanalysis }: Submission) {
  const version = reanalysis?.model_version;
  try {
    return await serving.lease({ analysisId: id, version });
  } catch (error) {
    if (version === undefined || !isRefusal(error)) throw error;
    return { error: { code: 'bundle_refused', message: error.message } } as const;
  }
}

/** How the analysis ends; null where it was canceled meanwhile, which is an end that stands already. */
async function judge(
  { engine, config, index, log }: WorkerContext,
  submission: Submission,
  {
    path,
    detector,
    signal: stopped,
    betweenWindows,
    patience = 1,
    startedAt,
  }: Going & { path: string; detector: Detector; startedAt: string },
): Promise<Ending | null> {
  const { filename, profile, ensemble } = submission;
  const { maxDurationSec, timeoutSec } = config.analysis;
  const tell = createProgressTeller(index, refOf(submission), { log, startedAt });
  tell({ processedSec: 0, totalSec: undefined });
  const cancel = watchForCancel(index, refOf(submission), stopped);
  try {
    // What is scored again came in before, and was counted then.
    const isNew = submission.reanalysis === undefined;
    const observer = isNew ? await engine.watch.observerOf(detector.manifest, submission.tenant) : undefined;
    const options = {
      ...{ filename, profile, ensemble, maxDurationSec, signal: cancel.signal, betweenWindows, observer },
      ...{ timeoutSec: timeoutSec * patience, onProgress: tell },
    };
    const report = await timed(engine.metrics, 'analyse', detector.detect(path, options));
    return { status: 'succeeded', report };
  } catch (error) {
    if (cancel.isCanceled()) return null;
    if (!(error instanceof MediaError)) throw error;
    return { status: 'failed', error: { code: error.code, message: error.message } };
  } finally {
    cancel.stop();
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
