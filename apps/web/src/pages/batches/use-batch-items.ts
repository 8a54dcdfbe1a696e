import type { BatchItem, Page } from '@bonafide/contracts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isWorthRepeating, pause } from '../../calls/follow';
import { call } from '../../calls/http';

const PAGE_SIZE = 200;
/** Drawing anew with each of 250 pages would be the slowest part of loading them. */
const SHOW_EVERY_MS = 250;
/** News of a batch under way comes twice a second; reading its open pages that often would be felt by the service. */
const READ_AGAIN_MS = 2_000;

type Loaded = { items: readonly BatchItem[]; next: string | null; isFinal: boolean };

const isSettled = ({ status }: BatchItem) => status !== 'queued' && status !== 'processing';

/**
 * All entries of a batch, page after page; with every `news` those pages are read again on which something can
 * still change. An entry that has ended is asked for once.
 */
export function useBatchItems(batchId: string, news: number): readonly BatchItem[] {
  const [items, setItems] = useState<readonly BatchItem[]>([]);
  const loader = useRef<Loader | undefined>(undefined);
  useEffect(() => {
    const started = createLoader(batchId, setItems);
    loader.current = started;
    return () => started.stop();
  }, [batchId]);
  useEffect(() => loader.current?.refresh(), [batchId, news]);
  return items;
}

type Loader = { refresh: () => void; stop: () => void };

function createLoader(batchId: string, show: (items: readonly BatchItem[]) => void): Loader {
  const stop = new AbortController();
  const pages: Loaded[] = [];
  let isRunning = false;
  let isStale = false;
  let shownAtMs = 0;
  const showAll = () => {
    shownAtMs = performance.now();
    show(pages.flatMap((page) => page.items));
  };
  const load = async (index: number): Promise<string | null> => {
    const known = pages[index];
    if (known?.isFinal) return known.next;
    const after = index === 0 ? null : pages[index - 1].next;
    const query = after === null ? '' : `&cursor=${after}`;
    const path = `/v1/batches/${batchId}/items?limit=${PAGE_SIZE}${query}`;
    const { items, next_cursor } = await call<Page<BatchItem>>(path, { signal: stop.signal });
    pages[index] = { items, next: next_cursor, isFinal: next_cursor !== null && items.every(isSettled) };
    if (performance.now() - shownAtMs > SHOW_EVERY_MS) showAll();
    return next_cursor;
  };
  const loadAll = async () => {
    for (let index = 0; (await load(index)) !== null; index += 1);
    showAll();
  };
  const run = async () => {
    isRunning = true;
    do {
      isStale = false;
      // Of a batch that is over no more news comes: what was cut off goes on here, with the page that is missing.
      await loadAll().catch((error: unknown) => void (isStale ||= isWorthRepeating(error)));
      if (isStale) await pause(READ_AGAIN_MS, stop.signal);
    } while (isStale && !stop.signal.aborted);
    isRunning = false;
  };
  return {
    refresh: () => {
      isStale = true;
      if (!isRunning) void run();
    },
    stop: () => stop.abort(),
  };
}
