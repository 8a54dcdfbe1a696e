import type { Finding, MonitoringReport } from '@bonafide/contracts';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';
import { decimal, percent, percentOrNone, whole } from '../../texts/numbers';
import { groupName, quantityName } from './names';

type Rates = MonitoringReport['groups'][number]['comparisons'][number]['rates'];

/** What has changed, in words; or that there is nothing to say, and whether that means anything yet. */
export function Findings({ report }: { report: MonitoringReport }) {
  const { monitoring } = t();
  const { findings, groups, min_clips: least } = report;
  const isJudged = groups.some(({ comparisons }) => comparisons.length > 0);
  return (
    <section class="card" aria-labelledby="findings-title">
      <h2 id="findings-title">{monitoring.findings}</h2>
      {findings.length === 0 && (
        <p class={`note ${isJudged ? 'good' : ''}`} role="status">
          <Icon name={isJudged ? 'check' : 'clock'} />
          {isJudged ? monitoring.quiet : monitoring.tooFew(whole(least))}
        </p>
      )}
      <ul class="effects">
        {findings.map((finding) => (
          <FindingLine key={JSON.stringify(finding)} finding={finding} report={report} />
        ))}
      </ul>
    </section>
  );
}

function FindingLine({ finding, report }: { finding: Finding; report: MonitoringReport }) {
  const { monitoring } = t();
  const { kind, most } = finding;
  return (
    <li class="note warn" data-finding={kind}>
      <Icon name="alert" />
      <div>
        <b>
          {groupName(finding)}: {monitoring.kinds[kind]}
        </b>
        <p>
          {measuredWords(finding, report)}
          {most.length > 0 && (
            <>
              {' '}
              {monitoring.most(
                most
                  .slice(0, 3)
                  .map(({ name }) => quantityName(name))
                  .join(', '),
              )}
            </>
          )}
        </p>
      </div>
    </li>
  );
}

function measuredWords(finding: Finding, report: MonitoringReport): string {
  const { measured, against } = t().monitoring;
  const { kind, value, limit, clips } = finding;
  const said = { against: against[finding.against], clips: whole(clips) };
  if (kind === 'scores')
    return measured.scores({ ...said, value: decimal(value, 2), limit: decimal(limit, 2) });
  const shares = { ...said, value: percent(value), limit: percent(limit) };
  if (kind === 'features') return measured.features(shares);
  return measured.rate({ ...shares, before: percentOrNone(rateBefore(finding, report, kind)) });
}

/** What the rate was in the reference that the finding speaks of. */
function rateBefore(finding: Finding, { groups }: MonitoringReport, kind: keyof Rates): number | undefined {
  const group = groups.find(
    ({ format, tenant_class, model_version }) =>
      format === finding.format &&
      tenant_class === finding.tenant_class &&
      model_version === finding.model_version,
  );
  return group?.comparisons.find(({ against }) => against === finding.against)?.rates[kind].reference;
}
