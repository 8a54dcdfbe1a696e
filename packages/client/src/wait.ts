import { MAX_WAIT_SEC } from '@bonafide/contracts';
import { ProblemError } from './problem-error';

export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
}

export type WaitOptions = { timeoutSec: number; signal?: AbortSignal };

const LONGEST_PAUSE_SEC = 10;

/**
 * Long-polls until the end or the deadline; each poll waits in the service, not here. A service that is busy or
 * away for a while is asked again as it wishes, as long as there is time.
 */
export async function pollUntil<T>(
  what: string,
  ask: (waitSec: number) => Promise<T>,
  hasEnded: (state: T) => boolean,
  { timeoutSec, signal }: WaitOptions,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutSec * 1000;
  for (;;) {
    const leftSec = (deadlineMs - performance.now()) / 1000;
    if (leftSec <= 0) throw new WaitTimeoutError(`${what} has not ended within ${timeoutSec} s`);
    try {
      const state = await ask(Math.min(leftSec, MAX_WAIT_SEC));
      if (hasEnded(state)) return state;
    } catch (error) {
      const pauseSec = pauseAfter(error);
      if (pauseSec === null || pauseSec >= leftSec) throw error;
      await pause(pauseSec, signal);
    }
  }
}

/** Seconds to wait before the same is tried again; null where that is no use. */
export function pauseAfter(error: unknown): number | null {
  if (!(error instanceof ProblemError)) return null;
  const { problem, retryAfterSec } = error;
  if (problem.status !== 429 && problem.status !== 503) return null;
  return Math.min(retryAfterSec ?? 1, LONGEST_PAUSE_SEC);
}

/** @throws the signal's reason as soon as it is aborted */
export async function pause(sec: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, sec * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
