import type { Manifest } from '@bonafide/contracts';
import { LEVEL_FRAME_SAMPLES } from './audio/level';
import { shareOf, type Window } from './audio/windows';
import { ROUNDING_SEC, type ScoredWindow } from './ensemble/timeline';

/** Half of a stretch at least: in less of it the member would hear hardly a syllable. */
const LEAST_SPEECH_RATIO = 0.5;

/** Gathers what the member of the manifest's `localization` says of the stretches of each window. */
export type LocalScores = {
  /** @param logits of the stretches from the window's first sample on */
  add(window: Window, logits: readonly number[]): void;
  /** All so far in order; none of a recording of one window, of which the window itself says enough. */
  stretches(): ScoredWindow[];
};

export function createLocalScores({ localization, sample_rate: rateHz }: Manifest): LocalScores {
  const stretches: ScoredWindow[] = [];
  let [windowCount, firstSec] = [0, 0];
  return {
    add(window, logits) {
      if (windowCount++ === 0) firstSec = window.startSec;
      if (!localization) return;
      const { window_sec: lengthSec, hop_sec: hopSec } = localization;
      // One grid for all windows, wherever their sound begins: the timeline has a border every hop. Times are counted
      // in hops, for borders that meet to be the same number.
      const timeOf = (hops: number) => firstSec + hopSec * hops;
      const hopsTo = (sec: number) => (sec - firstSec) / hopSec;
      const lastHop = Math.round(hopsTo(window.endSec));
      const isOnGrid = Math.abs(timeOf(lastHop) - window.endSec) < ROUNDING_SEC;
      const windowEndSec = isOnGrid ? timeOf(lastHop) : window.endSec;
      const firstHop = Math.round(hopsTo(window.soundStartSec));
      const soundSec = window.samples.length / rateHz;
      for (const [at, heard] of logits.entries()) {
        // A member fills up what is shorter than a stretch.
        if (at * hopSec + lengthSec > soundSec + hopSec / 2) break;
        const startSec = timeOf(firstHop + at);
        const ownEndSec = timeOf(firstHop + at + lengthSec / hopSec);
        // The last one ends with the window, whose sound may have been moved beyond it, or away from it.
        const endSec = windowEndSec - ownEndSec <= hopSec / 2 ? windowEndSec : ownEndSec;
        const speechRatio = speechRatioOf(window, startSec, endSec, rateHz);
        const logit = speechRatio < LEAST_SPEECH_RATIO ? null : heard;
        stretches.push({ startSec, endSec, speechRatio, logit });
      }
    },
    stretches: () =>
      windowCount > 1 ? stretches.sort((a, b) => a.startSec - b.startSec || a.endSec - b.endSec) : [],
  };
}

function speechRatioOf({ startSec, speech }: Window, fromSec: number, toSec: number, rateHz: number): number {
  const frameAt = (sec: number) => Math.max(0, Math.round(((sec - startSec) * rateHz) / LEVEL_FRAME_SAMPLES));
  return shareOf(speech.slice(frameAt(fromSec), frameAt(toSec)));
}
