import { isBatchOver, type Batch } from '@bonafide/contracts';
import { t } from '../../texts';
import { decimal, moment, percent, whole } from '../../texts/numbers';

const SHOWN = [
  'total',
  'cloned',
  'authentic',
  'inconclusive',
  'partly',
  'failed',
  'skipped',
  'canceled',
  'deleted',
] as const;
/** Told only where there are any. */
const RARE = new Set<string>(['partly', 'skipped', 'canceled', 'deleted']);

/** Numbers of entries by what became of them, and how far the whole is. */
export function Counts({ batch }: { batch: Batch }) {
  const { batches } = t();
  const { counters, progress } = batch;
  const { succeeded, authentic, cloned, inconclusive, partially_cloned: partly } = counters;
  // Of what was deleted nobody knows any more what was found.
  const deleted = succeeded - authentic - cloned - inconclusive;
  const numbers = { ...counters, partly, deleted };
  return (
    <section class="card" aria-label={batches.progress}>
      {!isBatchOver(batch.status) && (
        <div class="batch-progress">
          <progress value={progress} max={1} aria-label={batches.progress} />
          <p class="soft">
            {percent(progress)}
            {batch.rate !== null && ` · ${batches.rate(decimal(batch.rate))}`}
            {batch.expected_end && ` · ${batches.expected(moment(batch.expected_end))}`}
          </p>
        </div>
      )}
      <dl class="figures counts">
        {SHOWN.filter((name) => numbers[name] > 0 || !RARE.has(name)).map((name) => (
          <div key={name} data-count={name}>
            <dt>{batches.counts[name]}</dt>
            <dd>{whole(numbers[name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
