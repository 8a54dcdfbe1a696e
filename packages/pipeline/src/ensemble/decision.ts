import type { DecisionCode, DecisionReason, Limits, Quality, Report } from '@bonafide/contracts';
import type { Contrast } from './cloned-part';
import { logit } from './logit';
import { labelOf } from './segments';

/** Everything the decision looks at, each measured over the whole clip. */
export type Evidence = {
  pFake: number;
  threshold: number;
  speechRatio: number;
  /** Share of voiced frames among those of speech, 0..1. */
  voicedShare: number;
  quality: Quality;
  /** What the file is stored with, where it tells: ffmpeg's name and bits a second. */
  source: { codec: string; bitRate?: number };
  speakerChange: number;
  distance: number;
  /** Largest difference between the members' clip scores, 0..1. */
  disagreement: number;
  /** What stands out as cloned, in logits. */
  clonedPart: Contrast | null;
};

/** A window counts as speech from this share of active frames on. */
export const MIN_SPEECH_RATIO = 0.1;
/**
 * Less is no voice: bursts of noise reach 0.02. Of 4,501 training clips none has less (0.054 at least), of their
 * degraded copies 0.03 %.
 */
export const MIN_VOICED_SHARE = 0.05;

/**
 * Conclusive, or inconclusive with every reason that holds: its code, the value measured and the limit that
 * the bundle sets. The profile's threshold enters through `near_threshold` alone: its value is how far, in
 * logits, the score lies beyond the threshold on the side of the result (negative: the result says fake
 * although the profile would not, or the other way round).
 */
export function decide(evidence: Evidence, limits: Limits): Report['decision'] {
  const { quality, source } = evidence;
  const reasons: DecisionReason[] = [];
  const atLeast = (code: DecisionCode, value: number, limit: number) => {
    if (value < limit) reasons.push({ code, value, limit });
  };
  const atMost = (code: DecisionCode, value: number, limit: number) => {
    if (value > limit) reasons.push({ code, value, limit });
  };
  atLeast('too_short', quality.speech_sec, limits.min_speech_sec);
  atLeast('no_speech', evidence.speechRatio, MIN_SPEECH_RATIO);
  if (evidence.speechRatio >= MIN_SPEECH_RATIO) atLeast('no_speech', evidence.voicedShare, MIN_VOICED_SHARE);
  atMost('music', quality.music, limits.max_music);
  atLeast('low_quality', quality.snr_db, limits.min_snr_db);
  atMost('low_quality', quality.clipping, limits.max_clipping);
  atLeast('low_bit_rate', source.bitRate ?? Infinity, limits.min_bit_rate?.[source.codec] ?? 0);
  atLeast('band_limited', quality.bandwidth_hz, limits.min_bandwidth_hz);
  atMost('multiple_speakers', evidence.speakerChange, limits.max_speaker_change);
  atMost('out_of_distribution', evidence.distance, limits.max_distance);
  atMost('members_disagree', evidence.disagreement, limits.max_disagreement);
  // A part is cloned, and the whole is not: neither verdict would do.
  if (evidence.clonedPart && labelOf(evidence.pFake) === 'real')
    reasons.push({ code: 'partially_cloned', ...evidence.clonedPart });
  const { near_threshold_by_result: byResult, near_threshold: near } = limits;
  const margin = thresholdMargin(evidence.pFake, evidence.threshold);
  atLeast('near_threshold', margin, byResult?.[labelOf(evidence.pFake)] ?? near);
  return { status: reasons.length === 0 ? 'conclusive' : 'inconclusive', reasons };
}

/** Whether there is somebody who speaks. */
export function holdsSpeech({
  speechRatio,
  voicedShare,
}: Pick<Evidence, 'speechRatio' | 'voicedShare'>): boolean {
  return speechRatio >= MIN_SPEECH_RATIO && voicedShare >= MIN_VOICED_SHARE;
}

/** Signed distance in logits from the threshold, positive where score and result are on one side of it. */
export function thresholdMargin(pFake: number, threshold: number): number {
  const difference = logit(pFake) - logit(threshold);
  return pFake > 0.5 ? difference : -difference;
}
