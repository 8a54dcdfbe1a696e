import { type ScoredWindow, type Slot, joinSlots, slotsOf } from './timeline';

export type LocalContrast = {
  /** What a logit of the member that heard the short windows is worth in the fused logit. */
  weight: number;
  /** How far the surroundings reach to either side. */
  reachSec: number;
};

/**
 * The timeline as finely as short windows tell it: the fused logit of the long windows at that place, plus what the
 * member heard there more than around it. A phrase of a second or two hardly moves a window of four; and a short
 * window alone says more of the voice and its channel, which its surroundings share, than of the phrase.
 *
 * @param slots of the long windows, in order
 * @param shortWindows their logits are the member's own, calibrated
 */
export function refineSlots(
  slots: readonly Slot[],
  shortWindows: readonly ScoredWindow[],
  { weight, reachSec }: LocalContrast,
): Slot[] {
  const fine = slotsOf(shortWindows);
  const surroundings = movingMeans(fine, reachSec);
  let first = 0;
  return fine.flatMap((slot, at) => {
    while (first < slots.length && slots[first].endSec <= slot.startSec) first++;
    const covering: Slot[] = [];
    for (let s = first; s < slots.length && slots[s].startSec < slot.endSec; s++) {
      const [startSec, endSec] = [
        Math.max(slot.startSec, slots[s].startSec),
        Math.min(slot.endSec, slots[s].endSec),
      ];
      covering.push({ ...slots[s], startSec, endSec });
    }
    if (covering.length === 0) return [];
    const { logit: fused } = joinSlots(covering);
    const contrast = slot.logit === null ? 0 : slot.logit - surroundings[at];
    return [{ ...slot, logit: fused === null ? null : fused + weight * contrast }];
  });
}

/** Mean logit of the slots whose middles lie within `reachSec` of each one's; NaN where nobody speaks there. */
function movingMeans(slots: readonly Slot[], reachSec: number): number[] {
  const middle = ({ startSec, endSec }: Slot) => (startSec + endSec) / 2;
  let [from, to, sum, count] = [0, 0, 0, 0];
  const take = ({ logit }: Slot, sign: 1 | -1) => {
    if (logit === null) return;
    sum += sign * logit;
    count += sign;
  };
  return slots.map((slot) => {
    while (to < slots.length && middle(slots[to]) <= middle(slot) + reachSec) take(slots[to++], 1);
    while (middle(slots[from]) < middle(slot) - reachSec) take(slots[from++], -1);
    return sum / count;
  });
}
