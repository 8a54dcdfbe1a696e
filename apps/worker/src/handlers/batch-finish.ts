import {
  batchRefOf,
  cancelEntries,
  createBatchBoard,
  finishBatch,
  readBatchState,
  type JobHandler,
} from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** What fails here is done by the reconciler: the batch stays on the list of those that have not ended. */
export function batchFinish(context: WorkerContext): JobHandler<'batch.finish'> {
  return {
    run: async ({ payload }) => {
      const batch = await readBatchState(context.records.batches, payload);
      if (!batch) return;
      const ref = { ...batchRefOf(batch.record), round: batch.round };
      const { isCanceled } = await createBatchBoard(context.redis).read(ref);
      if (isCanceled && !batch.end) await cancelEntries(context, batch);
      await finishBatch(context, batch);
    },
    giveUp: async () => undefined,
  };
}
