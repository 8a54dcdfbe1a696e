import type { Label, Segment, Verdict } from '@bonafide/contracts';
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
