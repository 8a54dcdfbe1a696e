import type { Finding, MonitoringReport } from '@bonafide/contracts';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';
import { decimal, percent, whole } from '../../texts/numbers';
import { groupName, quantityName } from './names';

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
          <FindingLine key={JSON.stringify(finding)} finding={finding} />
        ))}
      </ul>
    </section>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  const { monitoring } = t();
  const { kind, against, value, limit, most, clips } = finding;
  const shown = kind === 'scores' ? decimal(value, 2) : percent(value);
  const bound = kind === 'scores' ? decimal(limit, 2) : percent(limit);
  return (
    <li class="note warn" data-finding={kind}>
      <Icon name="alert" />
      <div>
        <b>
          {groupName(finding)}: {monitoring.kinds[kind]}
        </b>
        <p>
          {monitoring.measured(shown, bound, monitoring.against[against], whole(clips))}
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
