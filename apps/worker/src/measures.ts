import type { Outcome, Submission } from '@bonafide/contracts';
import type { SharedMetrics } from '@bonafide/platform';

const secondsBetween = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

/** Notes how long a stage of an analysis takes, however it ends. */
export async function timed<T>(
  metrics: SharedMetrics,
  stage: 'fetch' | 'analyse',
  work: Promise<T>,
): Promise<T> {
  const beganMs = performance.now();
  try {
    return await work;
  } finally {
    metrics.observe('bonafide_analysis_stage_seconds', { stage }, (performance.now() - beganMs) / 1000);
  }
}

/** Counts an end, once: to be called by whoever wrote it. */
export function countEnd(metrics: SharedMetrics, submission: Submission, outcome: Outcome): void {
  const { status, started_at: startedAt, finished_at: finishedAt } = outcome;
  const report = outcome.status === 'succeeded' ? outcome.report : undefined;
  metrics.count('bonafide_analyses_total', {
    status,
    verdict: report?.ensemble_result.verdict ?? '',
    decision: report?.decision.status ?? '',
  });
  if (outcome.status === 'failed') {
    metrics.count('bonafide_analysis_failures_total', { code: outcome.error.code });
  }
  if (report) metrics.count('bonafide_audio_seconds_total', {}, report.audio_info.duration);
  const stage = (name: string, from: string, to: string) =>
    metrics.observe('bonafide_analysis_stage_seconds', { stage: name }, secondsBetween(from, to));
  if (startedAt !== null) stage('queue', submission.created_at, startedAt);
  stage('total', submission.created_at, finishedAt);
}
