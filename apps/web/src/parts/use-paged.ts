import type { Page } from '@bonafide/contracts';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { call, NetworkError } from '../calls/http';

export type Paged<T> = {
  items: readonly T[];
  isLoading: boolean;
  hasMore: boolean;
  error: Error | null;
  loadMore: () => void;
  reload: () => void;
  /** Reads the newest once more and keeps what was loaded behind them. */
  refresh: () => void;
};

/** How often a service that could not be reached is asked again. */
const LOST_MS = 3_000;

/** `cursor`: where what is behind the items begins; null where there is nothing. */
type List<T> = { items: readonly T[]; cursor: string | null };

/**
 * The newest page, and of what was loaded all that lies behind it. Where they do not meet, what lies between them is
 * not known: the list begins anew.
 */
function withNewest<T extends { id: string }>(before: List<T>, { items, next_cursor }: Page<T>): List<T> {
  const known = new Set(items.map(({ id }) => id));
  const lastShared = before.items.findLastIndex(({ id }) => known.has(id));
  if (next_cursor === null || lastShared < 0) return { items, cursor: next_cursor };
  return { items: [...items, ...before.items.slice(lastShared + 1)], cursor: before.cursor };
}

/** A list that comes page by page. Another address begins it anew; one that could not be reached is asked again. */
export function usePaged<T extends { id: string }>(path: string): Paged<T> {
  const [{ items, cursor }, setList] = useState<List<T>>({ items: [], cursor: null });
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  const load = useCallback(
    async (after: string | null, signal?: AbortSignal) => {
      setLoading(true);
      const glue = path.includes('?') ? '&' : '?';
      const address = after === null ? path : `${path}${glue}cursor=${after}`;
      try {
        const page = await call<Page<T>>(address, { signal });
        setList((before) => ({
          items: after === null ? page.items : [...before.items, ...page.items],
          cursor: page.next_cursor,
        }));
        setError(null);
      } catch (fault) {
        if (signal?.aborted) return;
        setError(fault as Error);
      }
      setLoading(false);
    },
    [path],
  );
  const readNewest = useCallback(async () => {
    const newest = await call<Page<T>>(path);
    setList((before) => withNewest(before, newest));
    setError(null);
  }, [path]);
  // What fails is asked again the next time.
  const refresh = useCallback(() => void readNewest().catch(() => undefined), [readNewest]);
  useEffect(() => {
    const stop = new AbortController();
    void load(null, stop.signal);
    return () => stop.abort();
  }, [load]);
  const isLost = error instanceof NetworkError;
  useEffect(() => {
    if (!isLost) return;
    const timer = setInterval(refresh, LOST_MS);
    return () => clearInterval(timer);
  }, [isLost, refresh]);
  return {
    ...{ items, isLoading, error },
    hasMore: cursor !== null,
    loadMore: () => void load(cursor),
    reload: () => void load(null),
    refresh,
  };
}
