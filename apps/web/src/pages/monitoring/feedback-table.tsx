import type { FeedbackFigures } from '@bonafide/contracts';
import { t } from '../../texts';
import { decimal, percent, whole } from '../../texts/numbers';

type Rate = FeedbackFigures['accuracy'];

/** How often the service was right, by those who know; with what chance leaves open. */
export function FeedbackTable({ figures }: { figures: FeedbackFigures }) {
  const { monitoring, shell } = t();
  const { feedback } = monitoring;
  const { labels } = figures;
  const rateOf = (rate: Rate) =>
    rate === null
      ? shell.none
      : feedback.rate(
          percent(rate.value),
          percent(rate.interval[0]),
          percent(rate.interval[1]),
          whole(rate.of),
        );
  return (
    <section class="card" aria-labelledby="accuracy-title">
      <h2 id="accuracy-title">{feedback.title}</h2>
      <p class="soft">{feedback.text(whole(figures.days))}</p>
      <dl class="facts">
        <div>
          <dt>{feedback.labels}</dt>
          <dd>{feedback.counts(whole(labels.real), whole(labels.fake), whole(labels.unsure))}</dd>
        </div>
        {(['accuracy', 'fpr', 'fnr'] as const).map((measure) => (
          <div key={measure}>
            <dt>{feedback.measures[measure]}</dt>
            <dd>{rateOf(figures[measure])}</dd>
          </div>
        ))}
        <div>
          <dt>{feedback.ece}</dt>
          <dd>{figures.ece === null ? shell.none : decimal(figures.ece, 2)}</dd>
        </div>
      </dl>
    </section>
  );
}
