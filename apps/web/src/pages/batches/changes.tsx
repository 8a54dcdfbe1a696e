import type { Batch } from '@bonafide/contracts';
import { t } from '../../texts';
import { decimal, whole } from '../../texts/numbers';

/** What scoring again has changed over all, where anything has. */
export function Changes({ batch: { changes, counters, source } }: { batch: Batch }) {
  if (!changes || source.kind !== 'reanalysis') return null;
  const { compared, to_inconclusive, to_conclusive, mean_difference, largest_difference } = changes;
  if (counters.changed + to_inconclusive + to_conclusive + largest_difference === 0) return null;
  const words = t().changes;
  const points = (difference: number) => words.points(decimal(100 * difference));
  const figures: [name: string, value: string][] = [
    [words.verdicts, whole(counters.changed)],
    [words.toInconclusive, whole(to_inconclusive)],
    [words.toConclusive, whole(to_conclusive)],
    [words.mean, points(mean_difference)],
    [words.largest, points(largest_difference)],
  ];
  return (
    <section class="card changes" aria-labelledby="changes-title">
      <h2 id="changes-title">{words.title}</h2>
      <p class="soft">{words.compared(whole(compared), source.model_version)}</p>
      <dl class="figures wide">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
