/** What is known of one analysed window; `logit` is null where nobody speaks. */
export type ScoredWindow = { startSec: number; endSec: number; logit: number | null; speechRatio: number };

/** Borders that are no further apart are the same: the rest is rounding. */
export const ROUNDING_SEC = 1e-6;

/** A stretch of the clip between neighbouring window borders. Slots do not overlap. */
export type Slot = ScoredWindow;

/**
 * Splits the clip at every window border and gives each slot the speech-weighted mean logit of the windows
 * that cover it: overlapping windows smooth one another, and borders are found as finely as the hop.
 *
 * @param windows in order of their start; later windows never end earlier
 */
export function* slotsOf(windows: readonly ScoredWindow[]): Generator<Slot> {
  let [first, startSec] = [0, Number.NaN];
  for (const endSec of bordersOf(windows)) {
    while (first < windows.length && windows[first].endSec <= startSec) first++;
    const covering: ScoredWindow[] = [];
    for (let w = first; w < windows.length && windows[w].startSec < endSec; w++) covering.push(windows[w]);
    if (covering.length > 0) yield { ...blend(covering, () => 1), startSec, endSec };
    startSec = endSec;
  }
}

/** Starts and ends of the windows in order, each once. */
function* bordersOf(windows: readonly ScoredWindow[]): Generator<number> {
  let [nextStart, nextEnd, last] = [0, 0, Number.NaN];
  while (nextEnd < windows.length) {
    const startSec = nextStart < windows.length ? windows[nextStart].startSec : Infinity;
    const border = Math.min(startSec, windows[nextEnd].endSec);
    if (border === startSec) nextStart++;
    else nextEnd++;
    if (border !== last) yield border;
    last = border;
  }
}

/** Joins neighbours evenly until at most `maxCount` slots are left: the timeline of a long clip. */
export function thinSlots(slots: readonly Slot[], maxCount: number): Slot[] {
  const group = Math.ceil(slots.length / maxCount);
  if (group <= 1) return [...slots];
  const thinned: Slot[] = [];
  for (let i = 0; i < slots.length; i += group) thinned.push(joinSlots(slots.slice(i, i + group)));
  return thinned;
}

/** One slot over all of these, each counted by its length. */
export function joinSlots(slots: readonly Slot[]): Slot {
  return {
    ...blend(slots, (slot) => slot.endSec - slot.startSec),
    startSec: slots[0].startSec,
    endSec: slots[slots.length - 1].endSec,
  };
}

function blend(parts: readonly ScoredWindow[], lengthOf: (part: ScoredWindow) => number) {
  let [length, speech, scored, sum] = [0, 0, 0, 0];
  for (const part of parts) {
    const weight = lengthOf(part);
    length += weight;
    speech += weight * part.speechRatio;
    if (part.logit === null) continue;
    scored += weight * part.speechRatio;
    sum += weight * part.speechRatio * part.logit;
  }
  return { logit: scored > 0 ? sum / scored : null, speechRatio: speech / length };
}
