import type { Augmentation } from '@bonafide/contracts';
import { atSpeed } from './audio/at-speed';
import type { Extractor } from './features/extractor';
import { ownTurn } from './signal/own-turn';

/** The speeds at which a window is measured (the first is as it is), given how many with speech came before it. */
export function speedsOf(augmentation: Augmentation | undefined, before: number): readonly number[] {
  return augmentation && before < augmentation.windows ? [1, ...augmentation.speeds] : [1];
}

/** Whether a recording of so many windows with speech is judged by all its looks; a longer one is by the first. */
export function isAugmented(augmentation: Augmentation | undefined, windows: number): boolean {
  return augmentation !== undefined && windows <= augmentation.windows;
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
