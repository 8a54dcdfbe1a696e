import type { Analysis, Report } from '@bonafide/contracts';
import { t } from '../../texts';
import { clock, moment, seconds, whole } from '../../texts/numbers';

type Props = { analysis: Analysis; report: Report; modelPage: string };

export function Facts({ analysis, report, modelPage }: Props) {
  const { facts } = t().result;
  const { audio_info, processing_info } = report;
  return (
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">{facts.title}</h2>
      <dl class="facts">
        <Fact name={facts.duration}>{clock(audio_info.duration, 1)}</Fact>
        <Fact name={facts.handedIn}>{moment(analysis.created_at)}</Fact>
        <Fact name={facts.took}>{seconds(processing_info.processing_time)}</Fact>
        <Fact name={facts.rate}>{whole(audio_info.sample_rate)} Hz</Fact>
        <Fact name={facts.model}>
          {report.model_version} · <a href={modelPage}>{facts.card}</a>
        </Fact>
        <Fact name={facts.ensemble}>{facts.ensembles[report.ensemble] ?? report.ensemble}</Fact>
        <Fact name={facts.features}>{report.feature_version}</Fact>
        <Fact name={facts.sha256}>
          <span class="mono break">{analysis.sha256}</span>
        </Fact>
        <Fact name={facts.id}>
          <span class="mono break">{analysis.id}</span>
        </Fact>
      </dl>
      {report.cached && <p class="soft">{facts.cached}</p>}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
