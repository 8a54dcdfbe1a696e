import type { JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { giveUpAnalysis, runAnalysis } from '../run-analysis';

export function analysisRun(context: WorkerContext): JobHandler<'analysis.run'> {
  return {
    run: ({ payload, signal }) => context.engine.turn.first(() => runAnalysis(context, payload, { signal })),
    giveUp: (payload, cause) => giveUpAnalysis(context, payload, cause),
  };
}
