import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { giveUpAnalysis, runAnalysis } from '../run-analysis';

/** An entry of a batch may take so many times as long, as it stands still while others run. */
export const STANDING_BACK = 4;

export function analysisRunBulk(context: WorkerContext): JobHandler<'analysis.run.bulk'> {
  return {
    run: ({ payload, signal }) =>
      context.engine.turn.later((giveWay) =>
        runAnalysis(context, payload, { signal, betweenWindows: giveWay, patience: STANDING_BACK }),
      ),
    giveUp: (payload, cause) => giveUpAnalysis(context, payload, cause),
  };
}
