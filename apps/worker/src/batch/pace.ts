import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchRef } from '@bonafide/contracts';
import { createBatchBoard } from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** Analyses of one batch that wait at a time: enough for every worker, and other batches get their turn between. */
const MAX_WAITING = 200;
const LOOK_EVERY_MS = 200;

export type Pace = {
  /**
   * Waits until there is room for one more beside those taken in so far. `beforeWaiting` is called once where it
   * must wait. @returns `canceled` when the batch is to stop
   */
  keep(accepted: number, beforeWaiting: () => Promise<void>): Promise<'go_on' | 'canceled'>;
};

/** Keeps a batch from filling the queue, and hears when it is canceled. @throws the signal's reason */
export function createPace({ redis, engine }: WorkerContext, ref: BatchRef, signal: AbortSignal): Pace {
  const board = createBatchBoard(redis);
  let ended = 0;
  let isCanceled = false;
  let lookedAtMs = -Infinity;
  const look = async () => {
    lookedAtMs = performance.now();
    const { tallies, isCanceled: isTold } = await board.read({ ...ref, round: 0 });
    ended = tallies.succeeded + tallies.failed + tallies.canceled;
    isCanceled = isTold;
  };
  return {
    keep: async (accepted, beforeWaiting) => {
      signal.throwIfAborted();
      await engine.turn.giveWay();
      if (performance.now() - lookedAtMs > LOOK_EVERY_MS) await look();
      if (!isCanceled && accepted - ended >= MAX_WAITING) await beforeWaiting();
      while (!isCanceled && accepted - ended >= MAX_WAITING) {
        await sleep(LOOK_EVERY_MS, undefined, { signal });
        await look();
      }
      return isCanceled ? 'canceled' : 'go_on';
    },
  };
}
