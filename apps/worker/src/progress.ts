import type { AnalysisRef } from '@bonafide/contracts';
import type { Progress } from '@bonafide/pipeline';
import type { AnalysisIndex, Logger } from '@bonafide/platform';

const MIN_INTERVAL_MS = 250;

/**
 * Tells how far an analysis is, at most four times a second and without holding it up. Where the container
 * does not declare its duration, only that it runs.
 *
 * @param startedAt what is told first, and stays what the analysis is said to have begun at
 */
export function createProgressTeller(
  index: AnalysisIndex,
  ref: AnalysisRef,
  { log, startedAt }: { log: Logger; startedAt: string },
): (progress: Progress) => void {
  let toldAtMs = -Infinity;
  return ({ processedSec, totalSec }) => {
    const nowMs = performance.now();
    const at = toldAtMs === -Infinity ? startedAt : new Date().toISOString();
    if (nowMs - toldAtMs < MIN_INTERVAL_MS) return;
    toldAtMs = nowMs;
    const share = totalSec ? Math.min(1, processedSec / totalSec) : 0;
    const progress = Math.round(share * 1000) / 1000;
    const event = { ...ref, status: 'processing', progress, at } as const;
    index.announce(event).catch((error: Error) => {
      log.debug({ err: error, analysis_id: ref.analysis_id }, 'progress not told');
    });
  };
}
