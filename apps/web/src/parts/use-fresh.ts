import type { Page } from '@bonafide/contracts';
import { useEffect } from 'preact/hooks';
import { call } from '../calls/http';
import type { Paged } from './use-paged';

const EVERY_MS = 5_000;
const UNDER_WAY = new Set(['queued', 'processing']);

type Row = { id: string; status: string };

/**
 * Has a list look for what is new every few seconds while the page is in view. Where nothing in it is under way, only
 * the first is asked for: a page of a list is many documents to read.
 */
export function useFresh(path: string, { items, refresh }: Paged<Row>): void {
  const isMoving = items.some(({ status }) => UNDER_WAY.has(status));
  const first = items[0]?.id;
  useEffect(() => {
    const look = async () => {
      const newest = isMoving ? undefined : await firstOf(path);
      if (isMoving || newest !== first) refresh();
    };
    // What fails is asked again the next time.
    const timer = setInterval(() => document.hidden || void look().catch(() => undefined), EVERY_MS);
    return () => clearInterval(timer);
  }, [path, refresh, isMoving, first]);
}

async function firstOf(path: string): Promise<string | undefined> {
  const { items } = await call<Page<Row>>(path.replace(/limit=\d+/, 'limit=1'));
  return items[0]?.id;
}
