import { ALL, type DriftComparison, type GroupReport, type MonitoringReport } from '@bonafide/contracts';
import { Gauge, type Registry } from 'prom-client';

/** Gauges of the latest monitoring report. A group is a format and a tenant class: few of both. */
export type DriftGauges = { show(report: MonitoringReport | null): void };

const GROUP = ['format', 'tenant_class', 'model_version'] as const;
const COMPARED = [...GROUP, 'against'] as const;

export function createDriftGauges(registers: Registry[]): DriftGauges {
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `bonafide_drift_${name}`, help, labelNames, registers });
  const gauges = {
    age: gauge('report_timestamp_seconds', 'When what came in was last held against what is known', []),
    clips: gauge('clips', 'Recordings that were looked at', GROUP),
    moved: gauge('features_moved_ratio', 'Share of the features that have moved', COMPARED),
    scores: gauge('score_psi', 'Population stability index of the scores', [...COMPARED, 'score']),
    rates: gauge('answers_ratio', 'Share of inconclusive answers, and of two reasons for them', [
      ...GROUP,
      'answer',
    ]),
    findings: gauge('findings', 'What is worth telling', ['kind', 'against']),
    psi: gauge('feature_psi', 'Population stability index of each feature, all recordings together', [
      'feature',
      'against',
    ]),
    ks: gauge('feature_ks', 'Kolmogorov-Smirnov statistic of each feature, all recordings together', [
      'feature',
      'against',
    ]),
    feedback: gauge('feedback_ratio', 'Accuracy and error rates by feedback: value, low and high of 95 %', [
      'measure',
      'edge',
    ]),
    labels: gauge('feedback_labels', 'Analyses with feedback of the last 90 days', ['label']),
  };
  return {
    show: (report) => {
      Object.values(gauges).forEach((each) => each.reset());
      if (!report) return;
      gauges.age.set(Date.parse(report.created_at) / 1000);
      report.groups.forEach((group) => showGroup(gauges, group));
      for (const { kind, against } of report.findings) gauges.findings.inc({ kind, against });
      showFeedback(gauges, report.feedback);
    },
  };
}

type Gauges = Record<'clips' | 'moved' | 'scores' | 'rates' | 'psi' | 'ks' | 'feedback' | 'labels', Gauge>;

function showGroup(gauges: Gauges, { comparisons, clips, ...group }: GroupReport): void {
  const labels = {
    format: group.format,
    tenant_class: group.tenant_class,
    model_version: group.model_version,
  };
  gauges.clips.set(labels, clips);
  comparisons.forEach((comparison) => {
    const { against } = comparison;
    gauges.moved.set({ ...labels, against }, comparison.features_moved);
    for (const { name, kind, psi } of comparison.quantities) {
      if (kind === 'score') gauges.scores.set({ ...labels, against, score: name }, psi);
    }
    for (const [answer, { now }] of Object.entries(comparison.rates))
      gauges.rates.set({ ...labels, answer }, now);
    if (group.format === ALL && group.tenant_class === ALL) showFeatures(gauges, comparison);
  });
}

/** Of all recordings together alone: there are many features. While two bundles run, the one seen last. */
function showFeatures({ psi, ks }: Gauges, { against, quantities }: DriftComparison): void {
  for (const quantity of quantities) {
    if (quantity.kind === 'score') continue;
    psi.set({ feature: quantity.name, against }, quantity.psi);
    ks.set({ feature: quantity.name, against }, quantity.ks);
  }
}

function showFeedback({ feedback, labels }: Gauges, figures: MonitoringReport['feedback']): void {
  for (const measure of ['accuracy', 'fpr', 'fnr'] as const) {
    const rate = figures[measure];
    if (!rate) continue;
    const [low, high] = rate.interval;
    for (const [edge, value] of Object.entries({ value: rate.value, low, high })) {
      feedback.set({ measure, edge }, value);
    }
  }
  for (const [label, count] of Object.entries(figures.labels)) labels.set({ label }, count);
}
