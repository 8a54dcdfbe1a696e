import { ERROR_CATALOGUE } from '@bonafide/contracts';
import type { JobHandler } from '@bonafide/platform';
import { expandBatch, giveUpBatch, hasComeOn } from '../batch/expand-batch';
import type { WorkerContext } from '../context';

export function batchExpand(context: WorkerContext): JobHandler<'batch.expand'> {
  return {
    run: ({ payload, signal }) => expandBatch(context, payload, signal),
    giveUp: async (payload, { kind }) => {
      if (kind === 'crashed' && (await hasComeOn(context, payload))) return;
      const code = kind === 'crashed' ? 'worker_crashed' : 'internal_error';
      await giveUpBatch(context, payload, { code, message: ERROR_CATALOGUE[code].title });
    },
  };
}
