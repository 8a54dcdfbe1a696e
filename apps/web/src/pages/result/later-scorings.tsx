import type { AnalysisSummary, Page } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { call } from '../../calls/http';
import { RowOutcome } from '../../parts/row-outcome';
import { t } from '../../texts';
import { moment } from '../../texts/numbers';

const SHOWN = 20;

/** Of a first result: what other models have made of the recording since. */
export function LaterScorings({ analysisId }: { analysisId: string }) {
  const [later, setLater] = useState<readonly AnalysisSummary[]>([]);
  useEffect(() => {
    const path = `/v1/analyses?reanalysis_of=${analysisId}&limit=${SHOWN}`;
    // Without the list, the result is whole: nothing is said of a fault.
    void call<Page<AnalysisSummary>>(path).then(
      ({ items }) => setLater(items),
      () => {},
    );
  }, [analysisId]);
  if (later.length === 0) return null;
  const { changes, history } = t();
  return (
    <section class="card change" aria-labelledby="later-title">
      <h2 id="later-title">{changes.laterTitle}</h2>
      <p class="soft">{changes.laterText}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{changes.laterWhen}</th>
            <th scope="col">{history.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {later.map((row) => (
            <tr key={row.id}>
              <td>
                <a href={`/analyses/${row.id}`}>{moment(row.created_at)}</a>
              </td>
              <td>
                <RowOutcome row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
