import type { DecisionReason, Report } from '@bonafide/contracts';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';
import { decimal, measured, percent, seconds, whole } from '../../texts/numbers';

/** What the recording is like, and what of that keeps the answer from being certain. */
export function QualityNotes({ report }: { report: Report }) {
  const { quality: texts } = t().result;
  const { quality, decision, warnings } = report;
  const rows = [
    [texts.speech, seconds(quality.speech_sec)],
    [texts.bandwidth, `${decimal(quality.bandwidth_hz / 1000)} kHz`],
    [texts.snr, `${whole(quality.snr_db)} dB`],
    [texts.level, `${decimal(quality.level_dbfs)} dBFS`],
    [texts.clipping, percent(quality.clipping, 1)],
    [texts.music, percent(quality.music)],
  ];
  return (
    <section class="card" aria-labelledby="quality-title">
      <h2 id="quality-title">{texts.title}</h2>
      <dl class="figures">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {decision.reasons.length === 0 ? (
        <p class="note good">
          <Icon name="check" /> {texts.good}
        </p>
      ) : (
        <>
          <h3>{texts.effects}</h3>
          <ul class="effects">
            {decision.reasons.map((reason, index) => (
              <Effect key={index} reason={reason} />
            ))}
          </ul>
        </>
      )}
      {warnings.length > 0 && (
        <>
          <h3>{texts.warnings}</h3>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Effect({ reason: { code, value, limit } }: { reason: DecisionReason }) {
  const { notes, measured: words } = t().result.quality;
  const [title, effect] = notes[code] ?? [code, ''];
  return (
    <li class="note warn">
      <Icon name="question" />
      <div>
        <b>{title}</b>
        <p>
          {effect} <small>({words(measured(value), measured(limit))})</small>
        </p>
      </div>
    </li>
  );
}
