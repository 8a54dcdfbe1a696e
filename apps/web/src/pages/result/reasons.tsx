import type { FeatureReason, Report } from '@bonafide/contracts';
import { t } from '../../texts';
import { featureHelp, featureTitle } from '../../texts/features';
import { measured } from '../../texts/numbers';
import { RangePlot } from './range-plot';

/** The properties that moved the models most, each drawn where it lies between real and cloned speech. */
export function Reasons({ report }: { report: Report }) {
  const { reasons: texts } = t().result;
  const groups = [
    {
      title: texts.forFake,
      kind: 'fake',
      reasons: report.reasons.filter(({ direction }) => direction === 'fake'),
    },
    {
      title: texts.forReal,
      kind: 'real',
      reasons: report.reasons.filter(({ direction }) => direction === 'real'),
    },
  ].filter(({ reasons }) => reasons.length > 0);
  const heaviest = Math.max(0, ...report.reasons.map(({ weight }) => weight));
  return (
    <section class="card" aria-labelledby="reasons-title">
      <h2 id="reasons-title">{texts.title}</h2>
      <p class="soft">{report.reasons.length === 0 ? texts.empty : texts.text}</p>
      <div class="reason-groups">
        {groups.map(({ title, kind, reasons }) => (
          <div key={kind}>
            <h3 class={`reason-side ${kind}`}>{title}</h3>
            <ul class="reasons">
              {reasons.map((reason) => (
                <Reason key={reason.feature} reason={reason} heaviest={heaviest} />
              ))}
            </ul>
          </div>
        ))}
      </div>
      <p class="soft">{texts.network}</p>
    </section>
  );
}

function Reason({ reason, heaviest }: { reason: FeatureReason; heaviest: number }) {
  const { reasons: texts } = t().result;
  const title = featureTitle(reason);
  return (
    <li class="reason">
      <details>
        <summary>
          <span class="reason-title">{title}</span>
          <meter
            class={`weight ${reason.direction}`}
            aria-label={texts.weight}
            value={reason.weight}
            max={heaviest || 1}
          />
        </summary>
        <p class="reason-help">{featureHelp(reason.feature)}</p>
        <p class="reason-help mono">{describe(reason)}</p>
      </details>
      <RangePlot reason={reason} label={describe(reason)} />
    </li>
  );
}

function describe({ value, real_range, fake_range }: FeatureReason): string {
  const range = ([low, high]: readonly [number, number]) => `${measured(low)} … ${measured(high)}`;
  return t().result.reasons.describe(measured(value), range(real_range), range(fake_range));
}
