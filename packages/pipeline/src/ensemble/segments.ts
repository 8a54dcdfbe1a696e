import type { Label, Limits, Segment, Verdict } from '@bonafide/contracts';
import { sigmoid } from './logit';
import { joinSlots, type Slot } from './timeline';

/** The more likely side. At exactly one half nothing speaks for a clone. */
export function labelOf(pFake: number): Label {
  return pFake > 0.5 ? 'fake' : 'real';
}

export function verdictOf(pFake: number): Verdict {
  return labelOf(pFake) === 'fake' ? 'CLONED' : 'AUTHENTIC';
}

/** Consecutive slots of one verdict (or of none, where nobody speaks), joined. */
export function segmentsOf(slots: readonly Slot[]): Segment[] {
  const segments: Segment[] = [];
  let run: Slot[] = [];
  for (const slot of slots) {
    if (
      run.length > 0 &&
      (slotVerdict(run[0]) !== slotVerdict(slot) || slot.startSec > run[run.length - 1].endSec)
    ) {
      segments.push(segmentOf(run));
      run = [];
    }
    run.push(slot);
  }
  if (run.length > 0) segments.push(segmentOf(run));
  return segments;
}

function slotVerdict(slot: Slot): Verdict | null {
  return slot.logit === null ? null : verdictOf(sigmoid(slot.logit));
}

function segmentOf(run: readonly Slot[]): Segment {
  const joined = joinSlots(run);
  return {
    start_sec: joined.startSec,
    end_sec: joined.endSec,
    p_fake: joined.logit === null ? null : sigmoid(joined.logit),
    verdict: slotVerdict(run[0]),
    speech_ratio: Math.min(1, joined.speechRatio),
  };
}

/** A cloned stretch counts from this length on: half a window, so at least one window lies mostly inside. */
const MIN_PART_SEC = 2;

/**
 * True where a clip holds both a surely cloned and a surely real stretch: one segment whose mean score is
 * at least `partial_high`, another at most `partial_low`, neither shorter than MIN_PART_SEC.
 */
export function isPartiallyCloned(segments: readonly Segment[], limits: Limits): boolean {
  const parts = segments.filter((segment) => segment.end_sec - segment.start_sec >= MIN_PART_SEC - 1e-6);
  const some = (test: (pFake: number) => boolean) =>
    parts.some(({ p_fake }) => p_fake !== null && test(p_fake));
  return some((pFake) => pFake >= limits.partial_high) && some((pFake) => pFake <= limits.partial_low);
}
