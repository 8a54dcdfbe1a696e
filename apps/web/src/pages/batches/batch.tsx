import { isBatchOver, titleOfBatch, type Batch, type BatchItem } from '@bonafide/contracts';
import { useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { wordsOfCode } from '../../parts/error-note';
import { ErrorPage } from '../../parts/error-page';
import { useTitle } from '../../parts/use-title';
import { followBatch, isWorthRepeating } from '../../calls/follow';
import { Icon } from '../../parts/icon';
import { language, t } from '../../texts';
import { BatchActions } from './batch-actions';
import { Changes } from './changes';
import { Counts } from './counts';
import { Histogram } from './histogram';
import { ItemBrowser } from './item-browser';
import { useBatchItems } from './use-batch-items';

/** One batch, live: how far it is, how the scores lie, and every entry. */
export function BatchPage() {
  const { params } = useRoute();
  const [batch, setBatch] = useState<Batch | null>(null);
  const [error, setError] = useState<Error | null>(null);
  /** Grows with every look, so that entries are looked at again; and begins anew after a retry. */
  const [news, setNews] = useState(0);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    void followBatch(params.id, {
      onChange: (seen) => {
        setBatch(seen);
        setNews((count) => count + 1);
      },
      onError: (fault) => !isWorthRepeating(fault) && setError(fault),
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [params.id, round]);
  const items = useBatchItems(params.id, news);
  const title = batch && titleOfBatch(batch, language.value);
  useTitle(title ?? undefined);
  if (error) return <ErrorPage error={error} />;
  if (!batch) return <div class="page is-loading" aria-busy="true" />;
  // An archive that could not be read: there is nothing to count, to draw or to search.
  const isRefused = batch.error !== null && batch.counters.total === 0;
  return (
    <div class="page batch" data-status={batch.status}>
      <header class="result-head">
        <div>
          <h1 class="filename">{title}</h1>
          <p class="soft" role="status">
            {t().status[batch.status] ?? batch.status}
          </p>
        </div>
        {!isRefused && <BatchActions batch={batch} onChange={() => setRound((count) => count + 1)} />}
      </header>
      {batch.error && <Refusal error={batch.error} />}
      {!isRefused && <Entries batch={batch} items={items} />}
    </div>
  );
}

function Refusal({ error }: { error: NonNullable<Batch['error']> }) {
  return (
    <p class="note bad" role="alert">
      <Icon name="alert" />
      {wordsOfCode(error.code, error.message)}
    </p>
  );
}

function Entries({ batch, items }: { batch: Batch; items: readonly BatchItem[] }) {
  return (
    <>
      <Counts batch={batch} />
      <Changes batch={batch} />
      <Histogram items={items} total={batch.counters.total} />
      <ItemBrowser items={items} total={batch.counters.total} isLive={!isBatchOver(batch.status)} />
    </>
  );
}
