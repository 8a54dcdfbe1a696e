import type { Limits } from '@bonafide/contracts';
import type { Slot } from './timeline';

/** How far a stretch stands out from its surroundings, and how far it had to, in logits. */
export type Contrast = { value: number; limit: number };

/** A slot that tells something. */
export type Told = Slot & { logit: number };

/** Slots shorter than this, left over between window borders, and slots mostly of silence tell nothing. */
const LEAST_SLOT_SEC = 0.25;
const LEAST_SPEECH_RATIO = 0.5;
/** The number of slots of the clips on which `partial_contrast` was chosen. */
const USUAL_SLOTS = 10;

export const isTold = (slot: Slot): slot is Told =>
  slot.logit !== null &&
  slot.endSec - slot.startSec >= LEAST_SLOT_SEC &&
  slot.speechRatio >= LEAST_SPEECH_RATIO;

/**
 * The largest of n values with exponential tails grows with ln n: so does what a part has to stand out by, lest every
 * long recording has a cloned one.
 */
export const growthOf = (slots: number, usualSlots: number): number =>
  Math.log(Math.max(slots, usualSlots)) / Math.log(usualSlots);

/**
 * What stands out most where a clip holds a slot that is cloned by more than `near_threshold` beside others that are
 * likely real, and stands out from the mean logit of all; null where nothing does. A voice and its channel shift all
 * slots alike, so the contrast inside a recording tells a cloned part better than the scores themselves do.
 */
export function clonedPart(
  slots: readonly Slot[],
  { near_threshold, partial_contrast }: Pick<Limits, 'near_threshold' | 'partial_contrast'>,
): Contrast | null {
  const logits = slots.filter(isTold).map(({ logit }) => logit);
  let [lowest, highest, sum] = [Infinity, -Infinity, 0];
  for (const logit of logits) {
    lowest = Math.min(lowest, logit);
    highest = Math.max(highest, logit);
    sum += logit;
  }
  const limit = partial_contrast * growthOf(logits.length, USUAL_SLOTS);
  const value = highest - sum / logits.length;
  return highest > near_threshold && lowest < 0 && value > limit ? { value, limit } : null;
}
