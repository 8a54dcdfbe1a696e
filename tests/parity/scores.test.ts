import path from 'node:path';
import {
  GOLDEN_CLIPS,
  GOLDEN_FILE,
  movesBetween,
  readSheet,
  REGENERATE,
  ROOT,
  scoreClips,
  TOLERANCE,
} from './clip-scores';

test('When the fixtures are scored by the bundle that wrote their scores down, then p_fake has not moved', async () => {
  const golden = readSheet(GOLDEN_FILE);
  const now = await scoreClips(path.join(ROOT, 'models'), { folder: ROOT, clips: GOLDEN_CLIPS });
  if (now.members !== golden.members) {
    throw new Error(`The bundle is another one than when the scores were written: run \`${REGENERATE}\``);
  }
  expect(movesBetween(golden, now).filter(({ by }) => by > TOLERANCE)).toEqual([]);
});
