/** Upper limits in seconds, from what a person does not notice to the longest analysis. */
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] as const;

/**
 * What workers count, whatever process asks for it: kept in Redis, so that it is one number however many
 * processes there are, and does not fall when one of them ends.
 */
export const SHARED_METRICS = {
  bonafide_analyses_total: {
    kind: 'counter',
    help: 'Analyses that ended, by outcome',
    labels: ['status', 'verdict', 'decision'],
  },
  bonafide_analysis_failures_total: {
    kind: 'counter',
    help: 'Analyses that failed, by error code',
    labels: ['code'],
  },
  bonafide_model_analyses_total: {
    kind: 'counter',
    help: 'Analyses that a bundle has scored, by its role: active, canary, pinned',
    labels: ['model_version', 'role'],
  },
  bonafide_bundle_refusals_total: {
    kind: 'counter',
    help: 'Bundles that a worker was told to run and refused',
    labels: ['model_version'],
  },
  bonafide_shadow_analyses_total: {
    kind: 'counter',
    help: 'Analyses that a shadow was to score as well, by outcome: scored, failed, missed',
    labels: ['model_version', 'outcome'],
  },
  bonafide_shadow_difference_total: {
    kind: 'counter',
    help: 'Sum of the differences between the score of the shadow and the one that was answered',
    labels: ['model_version'],
  },
  bonafide_shadow_verdict_changes_total: {
    kind: 'counter',
    help: 'Analyses of which the shadow says the opposite',
    labels: ['model_version'],
  },
  bonafide_audio_seconds_total: { kind: 'counter', help: 'Seconds of sound analysed', labels: [] },
  bonafide_analysis_stage_seconds: {
    kind: 'histogram',
    help: 'Time an analysis spent in each stage: queue, fetch, analyse, settle, total',
    labels: ['stage'],
    buckets: SECONDS,
  },
  bonafide_jobs_total: {
    kind: 'counter',
    help: 'Turns of jobs, by what came of them: completed, failed, delayed, handed_back, stalled, crashed',
    labels: ['job', 'outcome'],
  },
  bonafide_job_seconds: {
    kind: 'histogram',
    help: 'Time of one turn of a job',
    labels: ['job'],
    buckets: SECONDS,
  },
  bonafide_webhook_attempts_total: {
    kind: 'counter',
    help: 'Attempts to deliver a webhook, by outcome: succeeded, failed, gave_up, disabled',
    labels: ['outcome'],
  },
  bonafide_webhook_attempt_seconds: {
    kind: 'histogram',
    help: 'Time until a receiver answered',
    labels: [],
    buckets: SECONDS,
  },
} as const satisfies Record<string, SharedMetric>;

export type SharedMetric = {
  kind: 'counter' | 'histogram';
  help: string;
  labels: readonly string[];
  buckets?: readonly number[];
};
export type SharedMetricName = keyof typeof SHARED_METRICS;

type OfKind<K extends SharedMetric['kind']> = {
  [N in SharedMetricName]: (typeof SHARED_METRICS)[N]['kind'] extends K ? N : never;
}[SharedMetricName];
export type SharedCounter = OfKind<'counter'>;
export type SharedHistogram = OfKind<'histogram'>;
export type LabelsOf<N extends SharedMetricName> = Record<
  (typeof SHARED_METRICS)[N]['labels'][number],
  string
>;
