import type { Analysis, Report } from '@bonafide/contracts';
import { useEffect, useMemo } from 'preact/hooks';
import { OWN_MODEL, readModel, type ModelPlace } from '../../calls/model';
import { Change } from './change';
import { Channels } from './channels';
import { Facts } from './facts';
import { Members } from './members';
import { createPlayback } from './playback';
import { Player } from './player';
import { QualityNotes } from './quality-notes';
import { Reasons } from './reasons';
import { Segments } from './segments';
import { VerdictCard } from './verdict-card';

type Props = {
  analysis: Analysis;
  report: Report;
  /** What is scored again here. */
  before?: Report | null;
  firstPath?: string;
  mediaUrl: string;
  modelPlace?: ModelPlace;
};

/** What an analysis found, from the answer down to the evidence. */
export function ReportView({ analysis, report, before, firstPath, mediaUrl, modelPlace = OWN_MODEL }: Props) {
  const playback = useMemo(createPlayback, [analysis.id]);
  useEffect(() => void readModel(modelPlace), [modelPlace.api]);
  return (
    <>
      <VerdictCard report={report} />
      {before && <Change firstPath={firstPath} before={before} now={report} />}
      <Player mediaUrl={mediaUrl} report={report} playback={playback} />
      <div class="columns">
        <Members report={report} />
        <QualityNotes report={report} />
      </div>
      <Reasons report={report} />
      <div class="columns">
        <Segments report={report} playback={playback} />
        {report.channels.length > 1 && <Channels report={report} />}
        <Facts analysis={analysis} report={report} modelPage={modelPlace.page} />
      </div>
    </>
  );
}
