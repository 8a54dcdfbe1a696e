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

/** Slots shorter than this, left over between window borders, and slots mostly of silence tell nothing. */
const LEAST_SLOT_SEC = 1;
const LEAST_SPEECH_RATIO = 0.5;
/** The number of slots of the clips on which `partial_contrast` was chosen. */
const USUAL_SLOTS = 5;

/**
 * True where a clip holds a stretch that is cloned by more than `near_threshold` beside others that are likely
 * real, and stands out from their mean logit by more than `partial_contrast`. A voice and its channel shift all
 * slots alike, so the contrast inside a recording tells a spliced phrase better than the scores themselves do. The
 * largest of n values grows with sqrt(ln n): so does the limit, lest every long recording has a cloned part.
 */
export function isPartiallyCloned(
  slots: readonly Slot[],
  { partial_contrast, near_threshold }: Limits,
): boolean {
  const told = slots.filter(
    (slot) => slot.endSec - slot.startSec >= LEAST_SLOT_SEC && slot.speechRatio >= LEAST_SPEECH_RATIO,
  );
  const logits = told.flatMap(({ logit }) => (logit === null ? [] : [logit]));
  const [highest, lowest] = [Math.max(...logits), Math.min(...logits)];
  if (!(highest > near_threshold && lowest < 0)) return false;
  const mean = logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
  const growth = Math.sqrt(Math.log(Math.max(logits.length, USUAL_SLOTS)) / Math.log(USUAL_SLOTS));
  return highest - mean > partial_contrast * growth;
}
