import { mediaKey } from '../records/analyses';
import { createUpkeepMarks } from '../redis/upkeep-marks';
import { inParallel } from '../batches/in-parallel';
import type { Upkeep } from './upkeep';

const CHUNK = 200;
const AT_A_TIME = 8;

/** Removes the recordings whose time has come; their results stay. @returns how many */
export async function removeDueMedia(upkeep: Upkeep): Promise<number> {
  const { store, redis } = upkeep;
  const marks = createUpkeepMarks(redis);
  let removed = 0;
  for (;;) {
    const due = await marks.mediaDue(Date.now(), CHUNK);
    await inParallel(AT_A_TIME, due, async (ref) => {
      await store.remove(mediaKey(ref));
      await marks.clearMediaDue(ref);
    });
    removed += due.length;
    if (due.length < CHUNK) return removed;
  }
}
