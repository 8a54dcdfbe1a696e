import { ProblemError } from '@bonafide/client';
import type { Analysis } from '@bonafide/contracts';
import { call, NetworkError } from './http';

/** Longest a call waits in the service for news. */
const WAIT_SEC = 25;
const PROGRESS_EVERY_MS = 1_000;
const AGAIN_MS = [500, 1_000, 2_000, 5_000];

export const isOver = ({ status }: Pick<Analysis, 'status'>) =>
  status === 'succeeded' || status === 'failed' || status === 'canceled';

type Listener = {
  onChange: (analysis: Analysis) => void;
  onError: (error: Error) => void;
  signal: AbortSignal;
};

/**
 * Tells how an analysis gets on until it has ended: at once and then with every change. Events of the service
 * wake it; where they do not come through it asks by itself. A lost connection is waited out.
 */
export async function followAnalysis(id: string, { onChange, onError, signal }: Listener): Promise<void> {
  const path = `/v1/analyses/${encodeURIComponent(id)}`;
  const news = listen(`${path}/events`, signal);
  let failures = 0;
  let waitSec = 0;
  while (!signal.aborted) {
    try {
      const analysis = await call<Analysis>(`${path}?wait=${waitSec}`, { signal });
      failures = 0;
      onChange(analysis);
      if (isOver(analysis)) return;
      // While events come, they say when to look; else a call that waits for the end, cut short for progress.
      if (news.isOpen()) await news.next(WAIT_SEC * 1000);
      else if (analysis.status === 'processing') await pause(PROGRESS_EVERY_MS, signal);
      else waitSec = 1;
    } catch (error) {
      if (signal.aborted) return;
      onError(error as Error);
      if (!isWorthRepeating(error)) return;
      await pause(AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)], signal);
    }
  }
}

export function isWorthRepeating(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  return error instanceof ProblemError && [429, 502, 503, 504].includes(error.problem.status);
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

export type News = { isOpen: () => boolean; next: (timeoutMs: number) => Promise<void> };

/** Server-sent events as a doorbell: what they say is read from the service itself. */
export function listen(url: string, signal: AbortSignal): News {
  const source = new EventSource(url);
  let wake = () => {};
  let isRung = false;
  const ring = () => {
    isRung = true;
    wake();
  };
  for (const type of ['message', 'status', 'progress', 'analysis', 'batch', 'end'])
    source.addEventListener(type, ring);
  source.onerror = ring;
  signal.addEventListener('abort', () => source.close(), { once: true });
  return {
    isOpen: () => source.readyState === EventSource.OPEN,
    next: async (timeoutMs) => {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, timeoutMs);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      isRung = false;
    },
  };
}
