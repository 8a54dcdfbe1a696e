import type { GroupReport, MonitoringReport } from '@bonafide/contracts';
import { t } from '../../texts';
import { percent, whole } from '../../texts/numbers';
import { groupName } from './names';
import { ScoreBars } from './score-bars';

/** Every group of recordings: how many, how they were answered, and how far they are from what the models know. */
export function GroupTable({ report }: { report: MonitoringReport }) {
  const { monitoring, shell } = t();
  const { columns } = monitoring;
  return (
    <section class="card" aria-labelledby="groups-title">
      <h2 id="groups-title">{monitoring.groups}</h2>
      <p class="soft">{monitoring.window(whole(report.window_sec / 3600))}</p>
      <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="groups-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{columns.group}</th>
              <th scope="col">{columns.model}</th>
              {[
                columns.clips,
                columns.moved,
                columns.movedOwn,
                columns.inconclusive,
                columns.far,
                columns.apart,
              ].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
              <th scope="col">{columns.scores}</th>
            </tr>
          </thead>
          <tbody>
            {report.groups.map((group) => (
              <Row key={`${group.format} ${group.tenant_class} ${group.model_version}`} group={group} />
            ))}
          </tbody>
        </table>
      </div>
      {report.groups.length === 0 && <p class="empty">{shell.none}</p>}
    </section>
  );
}

function Row({ group }: { group: GroupReport }) {
  const { none } = t().shell;
  const of = (against: string) => group.comparisons.find((comparison) => comparison.against === against);
  const training = of('training');
  const cell = (share: number | undefined) => (
    <td class="number">{share === undefined ? none : percent(share)}</td>
  );
  return (
    <tr data-group={group.format}>
      <th scope="row">{groupName(group)}</th>
      <td>{group.model_version}</td>
      <td class="number">{whole(group.clips)}</td>
      {cell(training?.features_moved)}
      {cell(of('own')?.features_moved)}
      {cell(training?.rates.inconclusive.now)}
      {cell(training?.rates.out_of_distribution.now)}
      {cell(training?.rates.members_disagree.now)}
      <td>
        <ScoreBars shares={group.scores} />
      </td>
    </tr>
  );
}
