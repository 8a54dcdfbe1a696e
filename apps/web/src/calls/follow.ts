import { ProblemError } from '@bonafide/client';
import { ANALYSIS_EVENTS, BATCH_EVENTS, isBatchOver, type Analysis, type Batch } from '@bonafide/contracts';
import { call, NetworkError } from './http';

/** Even while events come, we look now and then. */
const LONGEST_SILENCE_MS = 10_000;
const LOOK_AGAIN_MS = 700;
const AFTER_FAILURE_MS = [500, 1_000, 2_000, 5_000];

export const isOver = ({ status }: Pick<Analysis, 'status'>) =>
  status === 'succeeded' || status === 'failed' || status === 'canceled';

type Followed<T> = Listener<T> & { types: readonly string[]; isOver: (thing: T) => boolean };
type Listener<T> = { onChange: (thing: T) => void; onError: (error: Error) => void; signal: AbortSignal };

/** Tells how an analysis gets on until it has ended: at once and then with every change. */
export function followAnalysis(id: string, listener: Listener<Analysis>): Promise<void> {
  return follow(`/v1/analyses/${encodeURIComponent(id)}`, { ...listener, isOver, types: ANALYSIS_EVENTS });
}

/** The same of a batch. */
export function followBatch(id: string, listener: Listener<Batch>): Promise<void> {
  return follow(`/v1/batches/${encodeURIComponent(id)}`, {
    ...listener,
    types: BATCH_EVENTS,
    isOver: (batch) => isBatchOver(batch.status),
  });
}

/**
 * Events of the service say when to look; where they do not come through, it is asked every second. What is
 * told is always read anew, so nothing can be missed, and a lost connection is waited out.
 */
async function follow<T>(
  path: string,
  { types, onChange, onError, isOver, signal }: Followed<T>,
): Promise<void> {
  const ended = new AbortController();
  const news = listen(`${path}/events`, types, AbortSignal.any([signal, ended.signal]));
  let failures = 0;
  while (!signal.aborted) {
    try {
      const thing = await call<T>(path, { signal });
      failures = 0;
      onChange(thing);
      if (isOver(thing)) break;
      if (news.isOpen()) await news.next(LONGEST_SILENCE_MS);
      else await pause(LOOK_AGAIN_MS, signal);
    } catch (error) {
      if (signal.aborted) break;
      onError(error as Error);
      if (!isWorthRepeating(error)) break;
      await pause(AFTER_FAILURE_MS[Math.min(failures++, AFTER_FAILURE_MS.length - 1)], signal);
    }
  }
  ended.abort();
}

/** Of an upload with its own key: 409 says that the one before, cut off here, is still being taken in there. */
export const isWorthSendingAgain = (error: unknown) =>
  isWorthRepeating(error) || (error instanceof ProblemError && error.problem.code === 'conflict');

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
export function listen(url: string, types: readonly string[], signal: AbortSignal): News {
  const source = new EventSource(url);
  let wake = () => {};
  let isRung = false;
  const ring = () => {
    isRung = true;
    wake();
  };
  for (const type of types) source.addEventListener(type, ring);
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
