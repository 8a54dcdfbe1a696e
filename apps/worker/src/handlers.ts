import type { JobHandlers } from '@bonafide/platform';
import type { WorkerContext } from './context';
import { giveUpAnalysis, runAnalysis } from './run-analysis';

/** What this worker does for each job of the catalogue. */
export function createHandlers(context: WorkerContext): JobHandlers {
  return {
    'analysis.run': {
      run: ({ payload, signal }) => runAnalysis(context, payload, signal),
      giveUp: (payload, cause) => giveUpAnalysis(context, payload, cause),
    },
  };
}
