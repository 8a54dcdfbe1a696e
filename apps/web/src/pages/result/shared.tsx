import { ProblemError } from '@bonafide/client';
import type { SharedAnalysis } from '@bonafide/contracts';
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { ErrorPage } from '../../parts/error-page';
import { useTitle } from '../../parts/use-title';
import { call } from '../../calls/http';
import { sharedModel } from '../../calls/model';
import { t } from '../../texts';
import { moment } from '../../texts/numbers';
import { JsonButton, PrintButton } from './actions';
import { Pending } from './pending';
import { ReportView } from './report-view';

/** What somebody without a key sees of an analysis, through a link that expires. */
export function Shared() {
  const { params } = useRoute();
  const path = `/v1/shared/${params.token}`;
  const [shared, setShared] = useState<SharedAnalysis | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => void call<SharedAnalysis>(path).then(setShared, setError), [path]);
  useTitle(shared?.analysis.filename);
  if (error) return <Refused error={error} />;
  if (!shared) return <div class="page result is-loading" aria-busy="true" />;
  const { analysis, before, expires_at } = shared;
  return (
    <div class="page result">
      <header class="result-head">
        <div>
          <h1 class="filename">
            <bdi>{analysis.filename}</bdi>
          </h1>
          <p class="soft">{t().result.sharedNote(moment(expires_at))}</p>
        </div>
        <div class="actions">
          <JsonButton analysis={analysis} />
          <PrintButton />
        </div>
      </header>
      {analysis.result ? (
        <ReportView
          analysis={analysis}
          report={analysis.result}
          before={before}
          mediaUrl={`${path}/media`}
          modelPlace={sharedModel(params.token)}
        />
      ) : (
        <Pending analysis={analysis} />
      )}
    </div>
  );
}

/** A link that has ended is nothing that a visitor can mend; what to do is. */
function Refused({ error }: { error: Error }) {
  const { result } = t();
  const hasEnded = error instanceof ProblemError && error.problem.code === 'not_found';
  if (!hasEnded) return <ErrorPage error={error} />;
  return (
    <div class="page narrow">
      <h1>{result.sharedEndedTitle}</h1>
      <p role="alert">{result.sharedEnded}</p>
    </div>
  );
}
