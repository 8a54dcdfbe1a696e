import { mediaKey } from '../records/analyses';
import { createUpkeepMarks } from '../redis/upkeep-marks';
import { inParallel } from '../batches/in-parallel';
import { limitUpload } from './limit-upload';
import type { Upkeep } from './upkeep';

const CHUNK = 200;
const AT_A_TIME = 8;

/** Removes the recordings whose time has come; their results stay. @returns how many */
export async function removeDueMedia(upkeep: Upkeep): Promise<number> {
  const { store, redis, records } = upkeep;
  const marks = createUpkeepMarks(redis);
  let removed = 0;
  for (;;) {
    const due = await marks.mediaDue(Date.now(), CHUNK);
    await inParallel(AT_A_TIME, due, async (ref) => {
      const submission = await records.submission(ref);
      const upload_id = submission?.upload_id;
      // Retention may have become shorter since the upload was told when to go.
      if (upload_id !== undefined) await limitUpload(upkeep, { tenant: ref.tenant, upload_id }, 0);
      await store.remove(mediaKey(ref));
      await marks.clearMediaDue(ref);
    });
    removed += due.length;
    if (due.length < CHUNK) return removed;
  }
}
