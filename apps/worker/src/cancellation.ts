import { isTerminal, type AnalysisRef } from '@bonafide/contracts';
import type { AnalysisIndex } from '@bonafide/platform';

const INTERVAL_MS = 250;

export type CancelWatch = {
  /** Aborted once the analysis is canceled, and when `stopped` is. */
  signal: AbortSignal;
  isCanceled(): boolean;
  /** To be called when the work is over. */
  stop(): void;
};

/**
 * Canceled is what has ended elsewhere, which is how a cancellation reaches the worker that is at it. Where the index
 * cannot be asked the work goes on: its outcome then comes second and is dropped. (`AbortSignal.any` would stay with
 * `stopped`, which lasts as long as the process, for every analysis.)
 */
export function watchForCancel(index: AnalysisIndex, ref: AnalysisRef, stopped: AbortSignal): CancelWatch {
  const controller = new AbortController();
  let isCanceled = false;
  const look = async () => {
    const entry = await index.entry(ref);
    if (!entry || !isTerminal(entry.status)) return;
    isCanceled = true;
    controller.abort(new Error('the analysis was canceled'));
  };
  const follow = () => controller.abort(stopped.reason);
  if (stopped.aborted) follow();
  stopped.addEventListener('abort', follow, { once: true });
  const timer = setInterval(() => void look().catch(() => undefined), INTERVAL_MS);
  return {
    signal: controller.signal,
    isCanceled: () => isCanceled,
    stop: () => {
      clearInterval(timer);
      stopped.removeEventListener('abort', follow);
    },
  };
}
