import { hasChanged, type Totals } from '@bonafide/contracts';
import { createBatchBoard } from '../redis/batch-board';
import type { Upkeep } from '../upkeep/upkeep';
import { batchRefOf, type BatchState } from './batch-state';
import { readItemPage } from './item-pages';

/**
 * Makes the board of a batch again from the records, after Redis was lost. While analyses go on ending: each entry
 * moves once, whoever moves it.
 */
export async function recount(upkeep: Pick<Upkeep, 'records' | 'redis'>, batch: BatchState): Promise<void> {
  const board = createBatchBoard(upkeep.redis);
  const { expansion, retry, round } = batch;
  const ref = { ...batchRefOf(batch.record), round };
  const retried = retry && new Set(retry.items);
  const seen: Totals = { entries: 0, accepted: 0, skipped: 0, failed: 0 };
  await board.begin(ref);
  for (let page = 0; ; page++) {
    const entries = await readItemPage({ records: upkeep.records, board }, batch, page);
    if (!entries) break;
    for (const { entry, state } of entries) {
      seen.entries++;
      seen[entry.state]++;
      const isOfRound = state !== null && (!retried || retried.has(entry.index));
      if (!isOfRound || state.status === 'queued') continue;
      const changed = hasChanged(entry.original, state) ?? undefined;
      await board.move(ref, entry.index, { ...state, changed });
    }
  }
  if (await upkeep.records.batches.cancels.get(ref)) await board.setCanceled(ref);
  if (retry) await board.setTotals(ref, { ...seen, accepted: retry.items.length }, 'expanded');
  else await board.setTotals(ref, expansion ?? seen, expansion ? 'expanded' : 'expanding');
  await board.setWhole(ref);
}
