import type {
  Ensemble,
  FeatureReason,
  Label,
  Manifest,
  Profile,
  Quality,
  Report,
  Warning,
} from '@bonafide/contracts';
import type { ClipScore } from './clip-score';
import { labelOf, verdictOf } from './ensemble/segments';
import { sigmoid } from './ensemble/logit';

/** For people and for programs. */
export type ToldWarning = { text: string; warning: Warning };

export type ReportInput = {
  manifest: Manifest;
  filename: string;
  profile: Profile;
  ensemble: Ensemble;
  score: ClipScore;
  decision: Report['decision'];
  channels: Report['channels'];
  reasons: FeatureReason[];
  quality: Quality;
  warnings: ToldWarning[];
  durationSec: number;
  processingSec: number;
};

/**
 * The answer about one clip. `classification.result` and `ensemble_result` always say the more likely side
 * (p_fake above one half is fake); the profile's threshold is stated in `threshold` and governs the decision.
 */
export function buildReport(input: ReportInput): Report {
  const { manifest, score } = input;
  const result = labelOf(score.pFake);
  const [fakePercent, realPercent] = percents(score.pFake);
  const confidence = result === 'fake' ? fakePercent : realPercent;
  return {
    success: true,
    classification: {
      result,
      confidence,
      confidence_score: confidence,
      fake_probability: fakePercent,
      real_probability: realPercent,
    },
    ensemble_result: { result, confidence, verdict: verdictOf(score.pFake) },
    model_predictions: memberPredictions(score.members),
    audio_info: {
      duration: rounded(input.durationSec, 3),
      sample_rate: manifest.sample_rate,
      file_path: input.filename,
    },
    processing_info: {
      processing_time: rounded(input.processingSec, 3),
      best_model_used: bestMember(manifest, input.ensemble),
      models_available: Object.keys(score.members),
      feature_count: manifest.features.length,
      version: manifest.version,
    },
    p_fake: rounded(score.pFake, 6),
    threshold: { profile: input.profile, value: manifest.thresholds[input.profile] },
    decision: roundedDecision(input.decision),
    ...timelineOf(score),
    partially_cloned: score.clonedPart !== null,
    channels: input.channels.map(({ channel, p_fake }) => ({ channel, p_fake: rounded(p_fake, 6) })),
    reasons: input.reasons.map(roundedReason),
    quality: input.quality,
    warnings: input.warnings.map(({ text }) => text),
    warning_codes: input.warnings.map(({ warning }) => warning),
    ensemble: input.ensemble,
    model_version: manifest.version,
    feature_version: manifest.feature_version,
    cached: false,
  };
}

/** Percentages of fake and real with three decimals, whose sum is 100 exactly. */
export function percents(pFake: number): [fake: number, real: number] {
  const thousandths = Math.round(pFake * 100_000);
  return [thousandths / 1000, (100_000 - thousandths) / 1000];
}

/** The member that did best on validation among those that were asked (lowest `validation.eer`). */
export function bestMember(manifest: Manifest, ensemble: Ensemble): string {
  const asked = manifest.ensembles[ensemble].fusion.members;
  if (asked.includes(manifest.best_member)) return manifest.best_member;
  const eerOf = (name: string) =>
    manifest.members.find((member) => member.name === name)?.validation.eer ?? Infinity;
  return asked.reduce((best, name) => (eerOf(name) < eerOf(best) ? name : best));
}

function memberPredictions(members: ClipScore['members']): Report['model_predictions'] {
  return Object.fromEntries(
    Object.entries(members).map(([name, pFake]) => {
      const prediction: Label = labelOf(pFake);
      const [fakePercent, realPercent] = percents(pFake);
      return [name, { prediction, confidence: prediction === 'fake' ? fakePercent : realPercent }];
    }),
  );
}

function timelineOf({ segments, timeline }: ClipScore): Pick<Report, 'segments' | 'windows'> {
  return {
    segments: segments.map((segment) => ({
      ...segment,
      ...roundedSpan(segment.start_sec, segment.end_sec),
      p_fake: segment.p_fake === null ? null : rounded(segment.p_fake, 4),
      speech_ratio: rounded(segment.speech_ratio, 3),
    })),
    windows: timeline.map((slot) => ({
      ...roundedSpan(slot.startSec, slot.endSec),
      p_fake: slot.logit === null ? null : rounded(sigmoid(slot.logit), 4),
    })),
  };
}

function roundedDecision({ status, reasons }: Report['decision']): Report['decision'] {
  return { status, reasons: reasons.map((reason) => ({ ...reason, value: rounded(reason.value, 4) })) };
}

/** Values have as many figures as the ranges that they are held against. */
function roundedReason(reason: FeatureReason): FeatureReason {
  return { ...reason, value: Number(reason.value.toPrecision(6)), weight: rounded(reason.weight, 3) };
}

function roundedSpan(startSec: number, endSec: number) {
  return { start_sec: rounded(startSec, 3), end_sec: rounded(endSec, 3) };
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
