import { useEffect } from 'preact/hooks';
import type { Paged } from './use-paged';

const EVERY_MS = 5_000;

/** Has a list look for what is new every few seconds while the page is in view. */
export function useFresh<T>({ refresh }: Paged<T>): void {
  useEffect(() => {
    const timer = setInterval(() => document.hidden || refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, [refresh]);
}
