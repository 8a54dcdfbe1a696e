import type { Label, Limits, Segment, Verdict } from '@bonafide/contracts';
import { sigmoid } from './logit';
import { joinSlots, ROUNDING_SEC, type Slot } from './timeline';

/** The more likely side. At exactly one half nothing speaks for a clone. */
export function labelOf(pFake: number): Label {
  return pFake > 0.5 ? 'fake' : 'real';
}

export function verdictOf(pFake: number): Verdict {
  return labelOf(pFake) === 'fake' ? 'CLONED' : 'AUTHENTIC';
}

/** A stretch of less than this between two of the other verdict is joined with them: no word fits into it. */
const LEAST_STRETCH_SEC = 1;

/** Consecutive slots of one verdict (or of none, where nobody speaks), joined. */
export function segmentsOf(slots: readonly Slot[]): Segment[] {
  const runs: Slot[][] = [];
  for (const slot of slots) {
    const run = runs.at(-1);
    if (run && slotVerdict(run[0]) === slotVerdict(slot) && touches(run, slot)) run.push(slot);
    else runs.push([slot]);
  }
  const stretches: Slot[][] = [];
  for (let at = 0; at < runs.length; at++) {
    const before = stretches.at(-1);
    if (before && isInterjection(before, runs[at], runs[at + 1])) before.push(...runs[at], ...runs[++at]);
    else stretches.push([...runs[at]]);
  }
  return stretches.map(segmentOf);
}

function isInterjection(
  before: readonly Slot[],
  run: readonly Slot[],
  after: readonly Slot[] | undefined,
): boolean {
  const around = slotVerdict(before[0]);
  if (!after || !around || slotVerdict(run[0]) === null || slotVerdict(after[0]) !== around) return false;
  const lengthSec = run.at(-1)!.endSec - run[0].startSec;
  return lengthSec < LEAST_STRETCH_SEC && touches(before, run[0]) && touches(run, after[0]);
}

const touches = (run: readonly Slot[], next: Slot) => next.startSec <= run.at(-1)!.endSec + ROUNDING_SEC;

function slotVerdict(slot: Slot): Verdict | null {
  return slot.logit === null ? null : verdictOf(sigmoid(slot.logit));
}

function segmentOf(run: readonly Slot[]): Segment {
  const joined = joinSlots(run);
  const pFake = joined.logit === null ? null : sigmoid(joined.logit);
  return {
    start_sec: joined.startSec,
    end_sec: joined.endSec,
    p_fake: pFake,
    verdict: pFake === null ? null : verdictOf(pFake),
    speech_ratio: Math.min(1, joined.speechRatio),
  };
}

/** Slots shorter than this, left over between window borders, and slots mostly of silence tell nothing. */
const LEAST_SLOT_SEC = 0.25;
const LEAST_SPEECH_RATIO = 0.5;

/** By how much a cloned part is to stand out, and from what. */
export type Standing = {
  /** Logits. */
  contrast: number;
  /**
   * How far the surroundings reach to either side: the whole clip for a part of some length, a few seconds for a
   * phrase, since the voices and rooms of an interview change more slowly.
   */
  reachSec: number;
  /** The number of slots of the clips on which `contrast` was chosen. */
  usualSlots: number;
};

/** How far a stretch stands out from its surroundings, and how far it had to, in logits. */
export type Contrast = { value: number; limit: number };

/**
 * What stands out most where a clip holds a stretch that is cloned by more than `near_threshold` beside others that
 * are likely real, and stands out from the mean logit of its surroundings; null where nothing does. A voice and its
 * channel shift all slots alike, so the contrast inside a recording tells a spliced phrase better than the scores
 * themselves do. The largest of n values with exponential tails grows with ln n: so does the limit, lest every long
 * recording has a cloned part.
 */
export function clonedPart(
  slots: readonly Slot[],
  { near_threshold }: Pick<Limits, 'near_threshold'>,
  { contrast, reachSec, usualSlots }: Standing,
): Contrast | null {
  const told = slots.filter(
    (slot): slot is Told =>
      slot.logit !== null &&
      slot.endSec - slot.startSec >= LEAST_SLOT_SEC &&
      slot.speechRatio >= LEAST_SPEECH_RATIO,
  );
  const growth = Math.log(Math.max(told.length, usualSlots)) / Math.log(usualSlots);
  const limit = contrast * growth;
  const whole = lowestAndMean(told, 0, told.length);
  let value = limit;
  for (const [at, slot] of told.entries()) {
    if (slot.logit <= near_threshold) continue;
    const { lowest, mean } =
      reachSec === Infinity ? whole : lowestAndMean(told, ...surroundingsOf(at, told, reachSec));
    if (lowest < 0) value = Math.max(value, slot.logit - mean);
  }
  return value > limit ? { value, limit } : null;
}

type Told = Slot & { logit: number };

/** Of the slots from one to before another. */
function lowestAndMean(slots: readonly Told[], from: number, to: number): { lowest: number; mean: number } {
  let [lowest, sum] = [Infinity, 0];
  for (let at = from; at < to; at++) {
    lowest = Math.min(lowest, slots[at].logit);
    sum += slots[at].logit;
  }
  return { lowest, mean: sum / (to - from) };
}

/** The slot and its neighbours whose middles are near its own: the first of them, and the one behind the last. */
function surroundingsOf(at: number, told: readonly Told[], reachSec: number): [from: number, to: number] {
  const middle = ({ startSec, endSec }: Slot) => (startSec + endSec) / 2;
  const reach = reachSec + ROUNDING_SEC;
  const own = middle(told[at]);
  let [from, to] = [at, at + 1];
  while (from > 0 && own - middle(told[from - 1]) <= reach) from--;
  while (to < told.length && middle(told[to]) - own <= reach) to++;
  return [from, to];
}
