import { atSpeed } from './audio/at-speed';
import type { Extractor } from './features/extractor';
import { ownTurn } from './signal/own-turn';

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

/** Holds what is added for as long as there are no more than `most`; then nothing, for good. */
export function holdFew<T>(most: number): { add(one: T): void; all(): readonly T[] } {
  let held: T[] = [];
  let count = 0;
  return {
    add: (one) => void (++count <= most ? held.push(one) : (held = [])),
    all: () => held,
  };
}
