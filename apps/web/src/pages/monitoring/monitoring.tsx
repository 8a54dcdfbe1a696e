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
  useEffect(() => void readModel(), []);
  useEffect(() => {
    const read = (latest: MonitoringReport) => {
      setReport(latest);
      setError(null);
    };
    const look = () => !document.hidden && void call<MonitoringReport>('/v1/monitoring').then(read, setError);
    look();
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const { monitoring } = t();
  const isEarly = error instanceof ProblemError && error.problem.code === 'not_found';
  return (
    <div class="page">
      <PageHead title={monitoring.title} lead={monitoring.lead} />
      {isEarly && <p class="note">{monitoring.early}</p>}
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
