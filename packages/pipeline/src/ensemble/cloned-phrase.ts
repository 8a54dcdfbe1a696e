import type { Limits } from '@bonafide/contracts';
import { type Contrast, growthOf, isTold, type Told } from './cloned-part';
import { ROUNDING_SEC, type Slot } from './timeline';

/** A few words, a sentence; a longer part is told by the windows. */
const LENGTH_SEC = { least: 2, most: 6 };
/** The voices and rooms of an interview change more slowly. */
const REACH_SEC = 6;
/** Of logits around a phrase: as much halves the square of what it stands out by. */
const USUAL_VARIANCE = 3;
/** The number of slots of the clips on which the contrast was chosen. */
const USUAL_SLOTS = 20;

/** The phrase that stands out most (`phraseContrasts`); null where none does by more than `contrast` logits. */
export function clonedPhrase(
  slots: readonly Slot[],
  contrasts: readonly number[],
  contrast: number,
): Contrast | null {
  const limit = contrast * growthOf(slots.filter(isTold).length, USUAL_SLOTS);
  const value = contrasts.reduce((most, found) => Math.max(most, found), limit);
  return value > limit ? { value, limit } : null;
}

/**
 * By how much each phrase stands out, in logits. A phrase is neighbouring slots, together 2 to 6 s long, of a mean logit
 * above `near_threshold`, beside others, up to 6 s before and after and 2 s at least, of a mean below it (0 for what is
 * not). It stands out by the difference of the two means, times sqrt(3 / (3 + variance of what is around it)): where the
 * timeline goes up and down anyway, one more peak says little. Slots count by their length.
 */
export function* phraseContrasts(
  slots: readonly Slot[],
  { near_threshold }: Pick<Limits, 'near_threshold'>,
): Generator<number> {
  for (const { phrase, around } of phrasesOf(slots.filter(isTold))) {
    const isAlone = around.lengthSec < LENGTH_SEC.least - ROUNDING_SEC;
    if (isAlone || meanOf(phrase) <= near_threshold || meanOf(around) >= near_threshold) yield 0;
    else {
      const shrunk = Math.sqrt(USUAL_VARIANCE / (USUAL_VARIANCE + varianceOf(around)));
      yield (meanOf(phrase) - meanOf(around)) * shrunk;
    }
  }
}

/** Over some slots: their length, and the integrals of their logit and of its square. */
type Sums = { lengthSec: number; logit: number; square: number };

const meanOf = ({ lengthSec, logit }: Sums): number => logit / lengthSec;
const varianceOf = (sums: Sums): number => Math.max(0, sums.square / sums.lengthSec - meanOf(sums) ** 2);

const without = (a: Sums, b: Sums): Sums => ({
  lengthSec: a.lengthSec - b.lengthSec,
  logit: a.logit - b.logit,
  square: a.square - b.square,
});

/** Every run of slots as long as a phrase may be, and what is around it. */
function* phrasesOf(told: readonly Told[]): Generator<{ phrase: Sums; around: Sums }> {
  const upTo = runningSums(told);
  const between = (from: number, to: number) => without(upTo[to], upTo[from]);
  const middles = told.map(({ startSec, endSec }) => (startSec + endSec) / 2);
  let [first, least] = [0, 0];
  for (let from = 0; from < told.length; from++) {
    while (middles[first] < middles[from] - REACH_SEC - ROUNDING_SEC) first++;
    while (least <= told.length && between(from, least).lengthSec < LENGTH_SEC.least - ROUNDING_SEC) least++;
    let end = least;
    for (let to = least; to <= told.length; to++) {
      const phrase = between(from, to);
      if (phrase.lengthSec > LENGTH_SEC.most + ROUNDING_SEC) break;
      while (end < told.length && middles[end] <= middles[to - 1] + REACH_SEC + ROUNDING_SEC) end++;
      yield { phrase, around: without(between(first, end), phrase) };
    }
  }
}

/** Of the slots before each one, and of all. */
function runningSums(told: readonly Told[]): Sums[] {
  const sums = [{ lengthSec: 0, logit: 0, square: 0 }];
  for (const { startSec, endSec, logit } of told) {
    const { lengthSec, logit: sum, square } = sums.at(-1)!;
    const length = endSec - startSec;
    sums.push({
      lengthSec: lengthSec + length,
      logit: sum + length * logit,
      square: square + length * logit ** 2,
    });
  }
  return sums;
}
