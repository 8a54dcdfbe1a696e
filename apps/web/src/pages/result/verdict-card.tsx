import type { ReliabilityBin, Report } from '@bonafide/contracts';
import { Icon } from '../../parts/icon';
import { readingOf, SIGNS, type Reading } from '../../parts/verdict-tag';
import { binOf, figuresFor, model } from '../../calls/model';
import { t } from '../../texts';
import { clock, percent, percentBelow, whole } from '../../texts/numbers';
import { ScoreScale } from './score-scale';
import { toldChannel } from './told-channel';

/** Below this many test recordings, a share of them says little. */
const FEW = 30;

/** The answer in plain words, with what its number means. */
export function VerdictCard({ report }: { report: Report }) {
  const { verdict } = t();
  const reading = readingOf(report);
  const bin = binFor(report);
  const isKnown = !report.decision.reasons.some(({ code }) => UNKNOWN.has(code));
  const lean = isKnown && leanOf(report.p_fake, bin);
  return (
    <section class={`card verdict ${reading}`} aria-labelledby="verdict-title" data-reading={reading}>
      <div class="verdict-words">
        <p class="verdict-sign">
          <Icon name={SIGNS[reading]} size={30} />
        </p>
        <div>
          <h2 id="verdict-title" class="verdict-title">
            {verdict[reading]}
            {reading === 'inconclusive' && lean && <span class="verdict-lean">{lean}</span>}
          </h2>
          <p>{verdict.sentence[reading]}</p>
          {isKnown && isShaky(reading, bin) && <p class="verdict-shaky">{verdict.shaky}</p>}
          {reading === 'partly' && <Where report={report} />}
          <OfChannel report={report} />
          <DecisionReasons report={report} />
        </div>
      </div>
      <div class="verdict-number">
        <p class="verdict-label">{verdict.probability}</p>
        <p class="verdict-percent">{percentBelow(report.p_fake, bin?.high ?? 1)}</p>
        <ScoreScale report={report} words={verdict[reading]} />
        <Meaning bin={bin} isKnown={isKnown} reading={reading} />
      </div>
    </section>
  );
}

/** Reasons by which the recording is none of those that the tests tell of. */
const UNKNOWN = new Set<string>(['out_of_distribution', 'no_speech']);

/** To which side an answer leans; nowhere, where the recordings of the tests with such a score lie on the other. */
function leanOf(pFake: number, bin: ReliabilityBin | undefined): string | null {
  const { verdict } = t();
  const isFake = pFake >= 0.5;
  const share = bin?.share_fake ?? pFake;
  if (isFake !== share >= 0.5) return null;
  return isFake ? verdict.leansFake : verdict.leansReal;
}

/** Of test recordings with such a score so many were the other kind that a verdict should say so. */
const OFTEN_OTHER = 0.33;

function isShaky(reading: Reading, bin: ReliabilityBin | undefined): boolean {
  const share = bin?.share_fake ?? undefined;
  if (share === undefined) return false;
  if (reading === 'CLONED') return 1 - share > OFTEN_OTHER;
  return reading === 'AUTHENTIC' && share > OFTEN_OTHER;
}

const SHOWN_STRETCHES = 3;

/** Of a recording that is cloned in part, which part. */
function Where({ report: { segments } }: { report: Report }) {
  const cloned = segments.filter(({ verdict }) => verdict === 'CLONED');
  const words = cloned
    .slice(0, SHOWN_STRETCHES)
    .map((each) => `${clock(each.start_sec)}–${clock(each.end_sec)}`);
  if (cloned.length === 0) return null;
  return <p class="verdict-where">{t().verdict.where(words.join(', '), cloned.length - words.length)}</p>;
}

/** Of a recording whose channels are judged each on its own, whose answer this is. */
function OfChannel({ report }: { report: Report }) {
  const channel = toldChannel(report);
  if (channel === null) return null;
  const { channels } = t().result;
  const words = report.channels.length > 1 ? channels.told : channels.only;
  return <p class="verdict-channel">{words(channel + 1)}</p>;
}

/** Why an answer is inconclusive, at a glance; what each means stands with the quality. */
function DecisionReasons({ report }: { report: Report }) {
  const { notes } = t().result.quality;
  const codes = [...new Set(report.decision.reasons.map(({ code }) => code))];
  if (codes.length === 0) return null;
  return (
    <ul class="chips">
      {codes.map((code) => (
        <li key={code}>{notes[code]?.[0] ?? code}</li>
      ))}
    </ul>
  );
}

function binFor(report: Report): ReliabilityBin | undefined {
  const figures = model.value && figuresFor(model.value, report);
  return figures ? binOf(figures, report.p_fake) : undefined;
}

type MeaningProps = { bin: ReliabilityBin | undefined; isKnown: boolean; reading: Reading };

/** What such a number was worth in tests, which were of recordings as a whole. */
function Meaning({ bin, isKnown, reading }: MeaningProps) {
  const { verdict } = t();
  if (!bin) return <p class="verdict-meaning" />;
  if (!isKnown) return <p class="verdict-meaning">{verdict.meaningUnknown}</p>;
  if (reading === 'partly') return <p class="verdict-meaning">{verdict.meaningPartly}</p>;
  const inHundred = neverAllOrNone(Math.round(100 * (bin.share_fake ?? 0)));
  return (
    <div class="verdict-meaning">
      <p>{verdict.meaning(inHundred, percent(bin.low), percent(bin.high))}</p>
      <p class="soft">
        {verdict.meaningBasis(whole(bin.n))} {bin.n < FEW && verdict.fewInBin}
      </p>
    </div>
  );
}

/** Rounded, one exception in some hundreds would be none. */
const neverAllOrNone = (inHundred: number) => Math.min(99, Math.max(1, inHundred));
