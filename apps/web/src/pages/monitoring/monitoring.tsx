import { ProblemError } from '@bonafide/client';
import type { MonitoringReport } from '@bonafide/contracts';
import { useEffect, useState } from 'preact/hooks';
import { ErrorNote } from '../../parts/error-note';
import { PageHead } from '../../parts/page-head';
import { call } from '../../calls/http';
import { readModel } from '../../calls/model';
import { t } from '../../texts';
import { moment } from '../../texts/numbers';
import { FeedbackTable } from './feedback-table';
import { Findings } from './findings';
import { GroupTable } from './group-table';
import { MovedTable } from './moved-table';

const EVERY_MS = 30_000;

/** Whether what comes in is still what the models know; looked at again while the page is in view. */
export function Monitoring() {
  const [report, setReport] = useState<MonitoringReport | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [day, setDay] = useState('');
  useEffect(() => void readModel(), []);
  useEffect(() => {
    let isShown = true;
    const told = (latest: MonitoringReport | null, fault: Error | null) => {
      if (!isShown) return;
      if (latest || day !== '') setReport(latest);
      setError(fault);
    };
    const path = day === '' ? '/v1/monitoring' : `/v1/monitoring?day=${day}`;
    const look = () =>
      call<MonitoringReport>(path).then(
        (latest) => told(latest, null),
        (fault: Error) => told(null, fault),
      );
    void look();
    const timer = setInterval(() => !document.hidden && void look(), EVERY_MS);
    return () => {
      isShown = false;
      clearInterval(timer);
    };
  }, [day]);
  const { monitoring } = t();
  const isEarly = error instanceof ProblemError && error.problem.code === 'not_found';
  return (
    <div class="page">
      <PageHead title={monitoring.title} lead={monitoring.lead} />
      <label class="day">
        {monitoring.day}{' '}
        <input
          type="date"
          value={day || report?.day}
          max={new Date().toISOString().slice(0, 10)}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
      </label>
      {isEarly && <p class="note">{day === '' ? monitoring.early : monitoring.noneOf}</p>}
      {error && !isEarly && <ErrorNote error={error} />}
      {report && (
        <>
          <Findings report={report} />
          <GroupTable report={report} />
          <MovedTable report={report} />
          <FeedbackTable figures={report.feedback} />
          <p class="soft">{monitoring.at(moment(report.created_at))}</p>
        </>
      )}
    </div>
  );
}
