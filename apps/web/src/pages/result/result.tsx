import type { Analysis } from '@bonafide/contracts';
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { ErrorPage } from '../../parts/error-page';
import { useTitle } from '../../parts/use-title';
import { followAnalysis, isWorthRepeating } from '../../calls/follow';
import { Actions } from './actions';
import { pathOf, useResultBefore } from './change';
import { Feedback } from './feedback';
import { LaterScorings } from './later-scorings';
import { Pending } from './pending';
import { ReportView } from './report-view';

/** One analysis: how far it is, then what it found. Follows it by itself, through reloads and lost networks. */
export function Result() {
  const { params } = useRoute();
  const [analysis, setAnalysis] = useState<Analysis | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    setAnalysis(null);
    setError(null);
    void followAnalysis(params.id, {
      onChange: setAnalysis,
      onError: (fault) => !isWorthRepeating(fault) && setError(fault),
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [params.id]);
  const before = useResultBefore(analysis);
  useTitle(analysis?.filename);
  if (error) return <ErrorPage error={error} />;
  // Drawn once both are there: nothing moves under the eyes.
  if (!analysis || before === undefined) return <div class="page result is-loading" aria-busy="true" />;
  return (
    <div class="page result">
      <header class="result-head">
        <h1 class="filename">
          <bdi>{analysis.filename}</bdi>
        </h1>
        <Actions analysis={analysis} />
      </header>
      {analysis.result ? (
        <>
          <ReportView
            analysis={analysis}
            report={analysis.result}
            before={before}
            firstPath={analysis.reanalysis_of && pathOf(analysis.reanalysis_of)}
            mediaUrl={`/v1/analyses/${analysis.id}/media`}
          />
          {analysis.reanalysis_of === undefined && <LaterScorings analysisId={analysis.id} />}
          <Feedback key={analysis.id} analysis={analysis} />
        </>
      ) : (
        <Pending analysis={analysis} />
      )}
    </div>
  );
}
