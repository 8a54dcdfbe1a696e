import type { Augmentation } from '@bonafide/contracts';
import { atSpeed } from './audio/at-speed';
import type { Extractor } from './features/extractor';
import { ownTurn } from './signal/own-turn';

/** The speeds at which a window is measured, given how many with speech came before it; the first is as it is. */
export function speedsOf(augmentation: Augmentation | undefined, before: number): readonly number[] {
  return augmentation && before < augmentation.windows ? [1, ...augmentation.speeds] : [1];
}

/** A window's features at each of these speeds; the event loop turns before each. */
export async function featureRows(
  extractor: Extractor,
  samples: Float32Array,
  speeds: readonly number[],
): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  for (const speed of speeds) {
    await ownTurn();
    rows.push(extractor.extract(atSpeed(samples, speed)));
  }
  return rows;
}
