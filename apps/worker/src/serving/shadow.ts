import { rename, rm } from 'node:fs/promises';
import type { Report, Submission } from '@bonafide/contracts';
import type { Config, Logger, Records, SharedMetrics } from '@bonafide/platform';
import type { Turn } from '../turn';
import type { Lease } from './detector-pool';
import type { Serving } from './serving';
import { createShadowTally, type ShadowTally } from './shadow-tally';

/** So many wait at most; more are let go and counted, since what comes next is live traffic as well. */
const MAX_WAITING = 8;
/** It stands still whenever there is anything else to do. */
const TIMEOUT_SEC = 3_600;

/** Scores what has been answered once more, by the shadow, when this process has nothing else to do. */
export type Shadow = {
  /** Takes the media over where there is a shadow; it is gone from `path` then. */
  offer(submission: Submission, answer: Report, path: string): Promise<void>;
  stop(): Promise<void>;
};

type Sources = {
  serving: Serving;
  turn: Turn;
  records: Records;
  metrics: SharedMetrics;
  config: Config;
  log: Logger;
};
type Waiting = { submission: Submission; answer: Report; path: string; lease: Lease };

export function createShadow(sources: Sources): Shadow {
  const { serving, metrics, records, log } = sources;
  const tally = createShadowTally(records, log);
  const stopping = new AbortController();
  const waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (!stopping.signal.aborted) await compare(sources, tally, next, stopping.signal);
      next.lease.release();
      await rm(next.path, { force: true }).catch((error: Error) => {
        log.warn({ err: error, path: next.path }, 'what the shadow has scored could not be removed');
      });
    }
    running = null;
  };
  return {
    offer: async (submission, answer, path) => {
      const lease = await serving.leaseShadow();
      if (!lease) return;
      const shadow = lease.detector.manifest.version;
      const pair = { answered: answer.model_version, shadow };
      if (stopping.signal.aborted || pair.answered === shadow) return lease.release();
      if (waiting.length >= MAX_WAITING) {
        tally.note(pair, 'missed');
        metrics.count('bonafide_shadow_analyses_total', { model_version: shadow, outcome: 'missed' });
        return lease.release();
      }
      const own = `${path}.shadow`;
      try {
        await rename(path, own);
      } catch (error) {
        lease.release();
        throw error;
      }
      waiting.push({ submission, answer, path: own, lease });
      running ??= work();
    },
    stop: async () => {
      stopping.abort();
      await running;
      await tally.stop();
    },
  };
}

/** Whatever happens to the shadow, it is counted and nobody else hears of it. */
async function compare(
  { turn, metrics, config, log }: Sources,
  tally: ShadowTally,
  { submission, answer, path, lease }: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const { tenant, id: analysisId, filename } = submission;
  const model_version = lease.detector.manifest.version;
  const pair = { answered: answer.model_version, shadow: model_version };
  const { profile } = answer.threshold;
  const { maxDurationSec } = config.analysis;
  const options = {
    filename,
    profile,
    ensemble: answer.ensemble,
    maxDurationSec,
    signal,
    timeoutSec: TIMEOUT_SEC,
  };
  try {
    await turn.idle();
    const shadow = await lease.detector.detect(path, { ...options, betweenWindows: () => turn.idle() });
    tally.add(pair, { tenant, analysisId, answer, shadow });
    const hasChanged = answer.ensemble_result.verdict !== shadow.ensemble_result.verdict;
    metrics.count('bonafide_shadow_analyses_total', { model_version, outcome: 'scored' });
    metrics.count(
      'bonafide_shadow_difference_total',
      { model_version },
      Math.abs(answer.p_fake - shadow.p_fake),
    );
    metrics.count('bonafide_shadow_verdict_changes_total', { model_version }, Number(hasChanged));
  } catch (error) {
    if (signal.aborted) return;
    tally.note(pair, 'failed');
    metrics.count('bonafide_shadow_analyses_total', { model_version, outcome: 'failed' });
    log.warn({ err: error, analysis_id: analysisId, model_version }, 'the shadow failed');
  }
}
