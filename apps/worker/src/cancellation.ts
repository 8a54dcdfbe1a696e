import { isTerminal, type AnalysisRef } from '@bonafide/contracts';
import type { AnalysisIndex } from '@bonafide/platform';

const INTERVAL_MS = 250;

/**
 * Aborts once the analysis has ended elsewhere, which is how a cancellation reaches the worker that is at it.
 * Where the index cannot be asked the work goes on: its outcome then comes second and is dropped.
 */
export function watchForCancel(
  index: AnalysisIndex,
  ref: AnalysisRef,
): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const look = async () => {
    const entry = await index.entry(ref);
    if (entry && isTerminal(entry.status)) controller.abort(new Error('the analysis was canceled'));
  };
  const timer = setInterval(() => void look().catch(() => undefined), INTERVAL_MS);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
