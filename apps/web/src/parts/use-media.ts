import { useEffect, useState } from 'preact/hooks';

/** Whether a media query holds, from the first drawing on. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const stop = new AbortController();
    list.addEventListener('change', () => setHolds(list.matches), { signal: stop.signal });
    return () => stop.abort();
  }, [query]);
  return holds;
}
