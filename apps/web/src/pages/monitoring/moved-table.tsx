import type { MonitoringReport } from '@bonafide/contracts';
import { t } from '../../texts';
import { decimal } from '../../texts/numbers';
import { quantityName } from './names';

const SHOWN = 15;

/** Of all recordings together: what has moved most. */
export function MovedTable({ report }: { report: MonitoringReport }) {
  const { monitoring } = t();
  const all = report.groups.filter(({ format, tenant_class }) => format === 'all' && tenant_class === 'all');
  const rows = all
    .flatMap(({ comparisons }) => comparisons)
    .filter(({ against }) => against === 'training')
    .flatMap(({ quantities }) => quantities)
    .sort((a, b) => b.psi - a.psi)
    .slice(0, SHOWN);
  if (rows.length === 0) return null;
  return (
    <section class="card" aria-labelledby="moved-title">
      <h2 id="moved-title">{monitoring.movedTitle}</h2>
      <p class="soft">{monitoring.movedText(decimal(report.limits.psi, 2))}</p>
      <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="moved-title">
        <table>
          <thead>
            <tr>
              <th scope="col">{monitoring.columns.quantity}</th>
              <th scope="col" class="number">
                PSI
              </th>
              <th scope="col" class="number">
                KS
              </th>
              <th scope="col">{monitoring.columns.hasMoved}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, psi, ks, has_moved }, place) => (
              <tr key={`${name} ${place}`}>
                <th scope="row">{quantityName(name)}</th>
                <td class="number">{decimal(psi, 2)}</td>
                <td class="number">{decimal(ks, 2)}</td>
                <td>{has_moved ? monitoring.yes : monitoring.no}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
