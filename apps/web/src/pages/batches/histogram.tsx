import type { BatchItem } from '@bonafide/contracts';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../../texts';
import { percent } from '../../texts/numbers';
import { paintCount } from '../../theme';
import { drawHistogram } from './histogram-chart';

const BINS = 20;

/** How the scores of the entries loaded so far lie. */
export function Histogram({ items, total }: { items: readonly BatchItem[]; total: number }) {
  const place = useRef<HTMLDivElement>(null);
  const counts = useMemo(() => countBins(items), [items]);
  const paint = paintCount.value;
  const { batches } = t();
  const isEmpty = counts.every((count) => count === 0);
  useEffect(() => {
    if (place.current) return drawHistogram(place.current, counts);
  }, [counts.join(), paint]);
  const words = counts
    .map((count, bin) => `${percent(bin / BINS)}: ${count}`)
    .filter((_words, bin) => counts[bin] > 0)
    .join('; ');
  return (
    <section class="card" aria-labelledby="histogram-title">
      <h2 id="histogram-title">{batches.histogram}</h2>
      <p class="soft">{batches.histogramText}</p>
      {isEmpty ? (
        <p role="status">{items.length < total ? batches.histogramLoading : batches.histogramNone}</p>
      ) : (
        <div ref={place} class="chart histogram" role="img" aria-label={`${batches.histogram}: ${words}`} />
      )}
    </section>
  );
}

function countBins(items: readonly BatchItem[]): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const { p_fake } of items) {
    if (p_fake !== null) counts[Math.min(BINS - 1, Math.floor(p_fake * BINS))] += 1;
  }
  return counts;
}
