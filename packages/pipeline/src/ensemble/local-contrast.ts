import { type Slot, joinSlots, ROUNDING_SEC } from './timeline';

export type LocalContrast = {
  /** What a logit of the member that heard the stretches is worth in the fused logit. */
  weight: number;
  /** How far the surroundings reach to either side. */
  reachSec: number;
};

/**
 * The timeline as finely as short stretches tell it: the fused logit of the windows at that place, plus what the
 * member heard there more than around it. A phrase of a second or two hardly moves a window of four; and a short
 * stretch alone says more of the voice and its channel, which its surroundings share, than of the phrase. Where no
 * stretch was heard (a window with hardly a word) the windows' own logit stands.
 *
 * @param slots of the windows, in order
 * @param fine slots of stretches of one length; their logits are the member's own, calibrated
 */
export function* refineSlots(
  slots: readonly Slot[],
  fine: readonly Slot[],
  { weight, reachSec }: LocalContrast,
): Generator<Slot> {
  const surroundings = movingMeans(fine, reachSec);
  const between = createCutter(slots);
  let toldTo = -Infinity;
  for (const [at, slot] of fine.entries()) {
    yield* between(toldTo, slot.startSec);
    toldTo = slot.endSec;
    const covering = between(slot.startSec, slot.endSec);
    if (covering.length === 0) continue;
    const { logit: fused } = joinSlots(covering);
    const contrast = slot.logit === null ? 0 : slot.logit - surroundings[at];
    yield { ...slot, logit: fused === null ? null : fused + weight * contrast };
  }
  yield* between(toldTo, Infinity);
}

/** Answers the slots, or parts of them, between two times; each time is to begin no earlier than the one before. */
function createCutter(slots: readonly Slot[]): (fromSec: number, toSec: number) => Slot[] {
  let first = 0;
  return (fromSec, toSec) => {
    while (first < slots.length && slots[first].endSec <= fromSec) first++;
    const parts: Slot[] = [];
    for (let at = first; at < slots.length && slots[at].startSec < toSec; at++) {
      const startSec = Math.max(fromSec, slots[at].startSec);
      const endSec = Math.min(toSec, slots[at].endSec);
      if (endSec - startSec > ROUNDING_SEC) parts.push({ ...slots[at], startSec, endSec });
    }
    return parts;
  };
}

/**
 * Mean logit, each slot counted by its length, of those whose middles lie within `reachSec` of each one's; of no
 * meaning for a slot in which nobody speaks.
 */
function movingMeans(slots: readonly Slot[], reachSec: number): number[] {
  const middle = ({ startSec, endSec }: Slot) => (startSec + endSec) / 2;
  const reach = reachSec + ROUNDING_SEC;
  let [from, to, sum, length] = [0, 0, 0, 0];
  const take = ({ logit, startSec, endSec }: Slot, sign: 1 | -1) => {
    if (logit === null) return;
    sum += sign * (endSec - startSec) * logit;
    length += sign * (endSec - startSec);
  };
  return slots.map((slot) => {
    while (to < slots.length && middle(slots[to]) <= middle(slot) + reach) take(slots[to++], 1);
    while (middle(slots[from]) < middle(slot) - reach) take(slots[from++], -1);
    return sum / length;
  });
}
