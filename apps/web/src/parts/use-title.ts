import { useEffect } from 'preact/hooks';
import { t } from '../texts';

/** What the tab, the history and a screen reader call the page. */
export function useTitle(name: string | undefined): void {
  const { product } = t();
  useEffect(() => {
    document.title = name ? `${name} – ${product}` : product;
  }, [name, product]);
}
