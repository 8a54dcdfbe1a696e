import type { DecisionCode, DecisionReason, Report, Warning } from '@bonafide/contracts';
import { wordsOfCode } from '../../parts/error-note';
import { model } from '../../calls/model';
import { Icon } from '../../parts/icon';
import { t } from '../../texts';
import { decimal, measured, percent, seconds, whole } from '../../texts/numbers';

/** What the recording is like, and what of that keeps the answer from being certain. */
export function QualityNotes({ report }: { report: Report }) {
  const { quality: texts } = t().result;
  const { quality, decision, warnings, warning_codes: codes = [] } = report;
  const rows = [
    [texts.speech, heard(quality.speech_sec)],
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
      <Enough report={report} />
      {decision.reasons.length > 0 && (
        <>
          <h3>{report.partially_cloned ? texts.effectsPartly : texts.effects}</h3>
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
            {warnings.map((text, place) => (
              <li key={text}>{place in codes ? wordsOfWarning(codes[place]) : text}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** Cut, not rounded: 3.97 s, said as 4, would be no less than 4. */
const heard = (speechSec: number) => seconds(Math.floor(10 * speechSec) / 10);

/** What the bundles of this service had so far, until the model is read. */
const USUAL_WINDOW_SEC = 4;

/** Whether there is sound for more than one look; nothing where a reason below says as much. */
function Enough({ report: { quality, decision } }: { report: Report }) {
  const { quality: texts } = t().result;
  const windowSec = model.value?.window_sec ?? USUAL_WINDOW_SEC;
  const isSaid = decision.reasons.some(({ code }) => code === 'too_short' || code === 'no_speech');
  if (quality.speech_sec < windowSec && !isSaid) {
    return (
      <p class="note warn">
        <Icon name="alert" /> {texts.short(heard(quality.speech_sec), seconds(windowSec))}
      </p>
    );
  }
  if (decision.reasons.length > 0) return null;
  return (
    <p class="note good">
      <Icon name="check" /> {texts.good}
    </p>
  );
}

/** The report says its warnings in English; by their codes they are said in the reader's language. */
function wordsOfWarning(warning: Warning): string {
  const { leftOut, damaged, truncated, mixed, otherTracks } = t().result.quality;
  if (warning.code === 'file_damaged') return damaged;
  if (warning.code === 'file_truncated')
    return truncated(seconds(warning.stated_sec), seconds(warning.decoded_sec));
  if (warning.code === 'channels_mixed') return mixed(whole(warning.channels));
  if (warning.code === 'other_tracks') return otherTracks(whole(warning.tracks));
  return leftOut(whole(warning.channel + 1), wordsOfCode(warning.cause, warning.cause));
}

const kilohertz = (hertz: number) => `${decimal(hertz / 1000, 2)} kHz`;
const kilobits = (bitsPerSec: number) => `${whole(bitsPerSec / 1000)} kbit/s`;
const decibels = (ratio: number) => `${decimal(ratio)} dB`;

/** How the value of a reason is said; a margin in logits says nothing to people: score and threshold stand above. */
const FORMS: Record<DecisionCode, ((value: number) => string) | null> = {
  too_short: (sec) => seconds(sec, 2),
  no_speech: (share) => percent(share, 1),
  music: (share) => percent(share, 1),
  low_quality: decibels,
  low_bit_rate: kilobits,
  band_limited: kilohertz,
  multiple_speakers: measured,
  out_of_distribution: measured,
  members_disagree: (share) => percent(share, 1),
  partially_cloned: measured,
  near_threshold: null,
};

/** Noise and overdriving share a code: the one is too little of a ratio, the other too much of a share. */
function formOf({ code, value, limit }: DecisionReason) {
  return code === 'low_quality' && value > limit ? (share: number) => percent(share, 1) : FORMS[code];
}

function Effect({ reason }: { reason: DecisionReason }) {
  const { notes, measured: words } = t().result.quality;
  const { code, value, limit } = reason;
  const [title, effect] = notes[code] ?? [code, ''];
  const form = formOf(reason);
  return (
    <li class="note warn">
      <Icon name="question" />
      <div>
        <b>{title}</b>
        <p>
          {effect} {form && <small>({words(form(value), form(limit))})</small>}
        </p>
      </div>
    </li>
  );
}
