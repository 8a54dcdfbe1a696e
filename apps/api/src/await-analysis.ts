import { isTerminal, type Analysis, type AnalysisRef } from '@bonafide/contracts';
import type { ApiContext } from './context';
import { readAnalysis } from './read-analysis';

/**
 * The analysis as soon as it has ended, or as it is when the time is up or the caller gone. Woken by the
 * worker's event; nothing is polled.
 */
export async function awaitAnalysis(
  context: ApiContext,
  ref: AnalysisRef,
  { waitSec, signal }: { waitSec: number; signal: AbortSignal },
): Promise<Analysis> {
  if (waitSec <= 0) return readAnalysis(context, ref);
  const deadlineMs = performance.now() + waitSec * 1000;
  const watch = context.live.events.watch(ref.analysis_id);
  try {
    for (;;) {
      const analysis = await readAnalysis(context, ref);
      const leftMs = deadlineMs - performance.now();
      if (isTerminal(analysis.status) || leftMs <= 0 || signal.aborted) return analysis;
      const news = await watch.changed(leftMs, signal);
      if (news === 'over') return await readAnalysis(context, ref);
    }
  } finally {
    watch.stop();
  }
}
