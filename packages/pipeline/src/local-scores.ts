import type { Ensemble, Manifest } from '@bonafide/contracts';
import { resample } from './audio/resample';
import type { ShortWindowSpec, Window } from './audio/windows';
import { calibratedLogit } from './ensemble/fusion';
import type { ScoredWindow } from './ensemble/timeline';
import type { LoadedMembers } from './inference/members';

/** Half of a short window at least: in less of it the member would hear hardly a syllable. */
const LEAST_SPEECH_RATIO = 0.5;

/** What the member of the manifest's `localization` hears in the short windows. */
export type LocalScores = {
  spec: ShortWindowSpec;
  /** In order; the logits are the member's own, calibrated. */
  windows: readonly ScoredWindow[];
  add(window: Window): Promise<void>;
};

/** Undefined where the bundle names no such member, or the ensemble that was asked for is without it. */
export function createLocalScores(
  { localization, ensembles, sample_rate }: Manifest,
  members: LoadedMembers,
  ensemble: Ensemble,
): LocalScores | undefined {
  if (!localization || !ensembles[ensemble].fusion.members.includes(localization.member)) return undefined;
  const { member, score } = members.heard.find((heard) => heard.member.name === localization.member)!;
  const windows: ScoredWindow[] = [];
  return {
    spec: {
      windowSec: localization.window_sec,
      hopSec: localization.hop_sec,
      leastSpeechRatio: LEAST_SPEECH_RATIO,
    },
    windows,
    async add({ startSec, endSec, speechRatio, samples }) {
      const logit =
        samples.length > 0
          ? calibratedLogit(
              await score(resample(samples, sample_rate, member.sample_rate)),
              member.calibration,
            )
          : null;
      windows.push({ startSec, endSec, speechRatio, logit });
    },
  };
}
