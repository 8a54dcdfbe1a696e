import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ERROR_CATALOGUE,
  MediaError,
  type AnalysisRef,
  type JobPayload,
  type Outcome,
  type Submission,
} from '@bonafide/contracts';
import type { Detector } from '@bonafide/pipeline';
import { mediaKey, mediaKeyOf, noteEntryBegun, refOf, type GiveUpCause } from '@bonafide/platform';
import type { WorkerContext } from './context';
import { watchForCancel } from './cancellation';
import { knownResult, noteResult } from './known-result';
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
  const { records, store, log } = context;
  const { metrics, workFolder } = context.engine;
  const startedAt = new Date().toISOString();
  const path = join(workFolder, payload.analysis_id);
  try {
    // Systems sweep their temporary folders under processes that live for weeks.
    await mkdir(workFolder, { recursive: true, mode: 0o700 });
    const [submission, outcome, isFetched] = await Promise.all([
      records.submission(payload),
      earlierOutcome(context, payload),
      timed(metrics, 'fetch', store.fetch(mediaKey(payload), path, going.signal)),
    ]);
    if (!submission) {
      log.warn({ ...payload }, 'a job without a submission: it was taken back');
    } else if (outcome) {
      await tellOfEnd(context, submission, outcome);
    } else {
      await noteEntryBegun(context, submission);
      const isThere =
        isFetched || (await fetchOfOriginal(context, submission, { path, signal: going.signal }));
      await answer(context, submission, { ...going, path: isThere ? path : null, startedAt });
    }
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * The outcome that an earlier turn, or somebody else, has written. Not asked for while the index has the analysis
 * as queued: a request to the store saved for each job. Where the index is behind, work is done in vain and its
 * outcome comes second.
 */
async function earlierOutcome({ index, records }: WorkerContext, ref: AnalysisRef): Promise<Outcome | null> {
  const entry = await index.entry(ref).catch(() => null);
  return entry?.status === 'queued' ? null : records.outcome(ref);
}

/** What is scored again has no recording of its own. */
async function fetchOfOriginal(
  { store }: WorkerContext,
  submission: Submission,
  { path, signal }: { path: string; signal: AbortSignal },
): Promise<boolean> {
  return submission.reanalysis !== undefined && store.fetch(mediaKeyOf(submission), path, signal);
}

type Answering = Going & { path: string | null; startedAt: string };

/** By one bundle from beginning to end, whatever becomes the active one meanwhile. */
async function answer(
  context: WorkerContext,
  submission: Submission,
  { path, startedAt, ...going }: Answering,
): Promise<void> {
  const { serving, shadow, metrics } = context.engine;
  const lease = await leaseFor(serving, submission);
  if ('error' in lease)
    return settle(context, submission, { startedAt, ending: { status: 'failed', ...lease } });
  const { detector, role } = lease;
  const { manifest } = detector;
  try {
    const known = await knownResult(context, submission, manifest);
    await going.betweenWindows?.();
    const ending = known
      ? ({ status: 'succeeded', report: known } as const)
      : path !== null
        ? await judge(context, submission, { ...going, path, detector })
        : failure('media_gone');
    if (ending) await settle(context, submission, { startedAt, ending });
    else context.log.info({ ...refOf(submission) }, 'an analysis was canceled under way');
    if (ending?.status !== 'succeeded' || known || path === null) return;
    metrics.count('bonafide_model_analyses_total', { model_version: manifest.version, role });
    await noteResult(context, submission, manifest);
    if (role === 'pinned') return;
    await shadow.offer(submission, ending.report, path).catch((error: Error) => {
      context.log.warn({ err: error, analysis_id: submission.id }, 'the shadow was not asked');
    });
  } finally {
    lease.release();
  }
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
  }: Going & { path: string; detector: Detector },
): Promise<Ending | null> {
  const { filename, profile, ensemble } = submission;
  const { maxDurationSec, timeoutSec } = config.analysis;
  const tell = createProgressTeller(index, refOf(submission), log);
  tell({ processedSec: 0, totalSec: undefined });
  const cancel = watchForCancel(index, refOf(submission));
  try {
    const signal = AbortSignal.any([stopped, cancel.signal]);
    // What is scored again came in before, and was counted then.
    const isNew = submission.reanalysis === undefined;
    const observer = isNew ? await engine.watch.observerOf(detector.manifest, submission.tenant) : undefined;
    const options = {
      ...{ filename, profile, ensemble, maxDurationSec, signal, betweenWindows, observer },
      ...{ timeoutSec: timeoutSec * patience, onProgress: tell },
    };
    const report = await timed(engine.metrics, 'analyse', detector.detect(path, options));
    return { status: 'succeeded', report };
  } catch (error) {
    if (cancel.signal.aborted) return null;
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
