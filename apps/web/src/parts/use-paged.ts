import type { Page } from '@bonafide/contracts';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { call } from '../calls/http';

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

/** A list that comes page by page. Another address begins it anew. */
export function usePaged<T extends { id: string }>(path: string): Paged<T> {
  const [items, setItems] = useState<readonly T[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [error, setError] = useState<Error | null>(null);
  const load = useCallback(
    async (after: string | null, signal?: AbortSignal) => {
      setLoading(true);
      const glue = path.includes('?') ? '&' : '?';
      const address = after === null ? path : `${path}${glue}cursor=${after}`;
      try {
        const page = await call<Page<T>>(address, { signal });
        setItems((before) => (after === null ? page.items : [...before, ...page.items]));
        setCursor(page.next_cursor);
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
    const { items: newest } = await call<Page<T>>(path);
    const known = new Set(newest.map(({ id }) => id));
    const behind = (before: readonly T[]) => before.filter(({ id }) => !known.has(id));
    setItems((before) => (before.length > newest.length ? [...newest, ...behind(before)] : newest));
  }, [path]);
  // What fails is asked again the next time.
  const refresh = useCallback(() => void readNewest().catch(() => undefined), [readNewest]);
  useEffect(() => {
    const stop = new AbortController();
    void load(null, stop.signal);
    return () => stop.abort();
  }, [load]);
  return {
    ...{ items, isLoading, error },
    hasMore: cursor !== null,
    loadMore: () => void load(cursor),
    reload: () => void load(null),
    refresh,
  };
}
