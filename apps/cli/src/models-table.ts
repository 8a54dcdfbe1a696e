import type { Comparison, ModelsView, ServingView } from '@bonafide/contracts';
import { inColumns, minuteOf } from './columns';

const percent = (share: number | null) => (share === null ? '' : `${(100 * share).toFixed(1)} %`);

/** What serves, in a sentence. */
export function servingSentence({ active, shadow, canary, previous }: ServingView): string {
  const parts = [
    `${active} answers`,
    ...(canary ? [`${canary.version} answers ${percent(canary.share)} of it as a canary`] : []),
    ...(shadow ? [`${shadow} scores as a shadow`] : []),
    previous.length > 0 ? `a rollback goes to ${previous[0]}` : 'there is nothing to go back to',
  ];
  return `${parts.join('; ')}.`;
}

export function modelsTable({ serving, bundles, unusable, workers, history }: ModelsView): string {
  const rows = bundles.map(({ version, role, place, created_at, members, digest }) => [
    version,
    role ?? '',
    place,
    minuteOf(created_at),
    members.join(', '),
    digest.slice(0, 12),
  ]);
  const changes = history
    .slice(0, 10)
    .map(({ revision, at, by, action, active }) => [
      String(revision),
      minuteOf(at),
      action,
      `active: ${active}`,
      by,
    ]);
  return [
    inColumns([['version', 'role', 'place', 'made', 'members', 'digest'], ...rows]),
    ...unusable.map(({ problem }) => `unusable: ${problem}`),
    servingSentence(serving),
    ...workers
      .filter(({ model_version, refused }) => refused !== null || model_version !== serving.active)
      .map((one) => `worker ${one.worker} runs ${one.model_version}${one.refused ? `: ${one.refused}` : ''}`),
    ...(changes.length > 0 ? ['', inColumns(changes)] : []),
  ].join('\n');
}

export function comparisonTable(comparison: Comparison): string {
  const { version, with: other, live, evaluation } = comparison;
  const figures = evaluation.map(({ protocol, system, eer, with_eer, auc, with_auc }) => [
    protocol,
    system,
    percent(eer),
    percent(with_eer),
    auc?.toFixed(4) ?? '',
    with_auc?.toFixed(4) ?? '',
  ]);
  const head = ['protocol', 'system', `EER ${version}`, `EER ${other}`, `AUC ${version}`, `AUC ${other}`];
  return [...liveLines(comparison), ...(live ? [''] : []), inColumns([head, ...figures])].join('\n');
}

function liveLines({ version, with: other, live }: Comparison): string[] {
  if (!live) return [`${other} has not been the shadow of ${version}.`];
  const { scored, failed, missed, verdict_changes, to_cloned, to_authentic, mean_difference, largest } = live;
  return [
    `Live, ${minuteOf(live.since)} to ${minuteOf(live.until)}: ${scored} scored by both, ${failed} failed, ${missed} missed for want of time`,
    `mean difference of p_fake: ${mean_difference?.toFixed(4) ?? ''}`,
    `other verdict: ${verdict_changes} (${to_cloned} to CLONED, ${to_authentic} to AUTHENTIC); other decision: ${live.decision_changes}`,
    ...largest
      .slice(0, 5)
      .map(
        ({ analysis_id, p_fake, shadow_p_fake }) =>
          `  ${analysis_id}  ${p_fake.toFixed(3)} → ${shadow_p_fake.toFixed(3)}`,
      ),
  ];
}
