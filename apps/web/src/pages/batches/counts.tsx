import { isBatchOver, type Batch } from '@bonafide/contracts';
import { t } from '../../texts';
import { decimal, moment, percent, whole } from '../../texts/numbers';

/** Numbers of entries by what became of them, and how far the whole is. */
export function Counts({ batch }: { batch: Batch }) {
  const { batches } = t();
  const { counters, progress } = batch;
  const shown = ['total', 'cloned', 'authentic', 'inconclusive', 'failed', 'skipped', 'canceled'] as const;
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
        {shown
          .filter((name) => counters[name] > 0 || !['skipped', 'canceled'].includes(name))
          .map((name) => (
            <div key={name} data-count={name}>
              <dt>{batches.counts[name]}</dt>
              <dd>{whole(counters[name])}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
