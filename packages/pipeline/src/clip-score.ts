import type { Manifest, Segment } from '@bonafide/contracts';
import { clonedPart, type Contrast } from './ensemble/cloned-part';
import { clonedPhrase, phraseContrasts } from './ensemble/cloned-phrase';
import { fuseLogits, type MemberLogits, plattLogit } from './ensemble/fusion';
import { sigmoid } from './ensemble/logit';
import { refineSlots } from './ensemble/local-contrast';
import { effectiveWindows, poolLogits, weightedMean } from './ensemble/pooling';
import { segmentsOf } from './ensemble/segments';
import { type ScoredWindow, type Slot, slotsOf, thinSlots } from './ensemble/timeline';
import { gatherInTurns, ownTurn } from './signal/own-turn';

/** One window of a channel as the scores are pooled from it; `logits` and `distance` are null without speech. */
export type AnalysedWindow = {
  startSec: number;
  endSec: number;
  speechRatio: number;
  logits: MemberLogits | null;
  distance: number;
};

export type ClipScore = {
  pFake: number;
  members: Readonly<Record<string, number>>;
  /** Largest difference between the members' scores. */
  disagreement: number;
  distance: number;
  /** Share of the clip's windows in which somebody speaks, 0..1. */
  speechRatio: number;
  timeline: readonly Slot[];
  segments: readonly Segment[];
  /** What stands out of the rest as cloned; null where nothing does, or where nothing known sounds like the clip. */
  clonedPart: Contrast | null;
};

/** The timeline of a long clip is thinned to this many points. */
const MAX_TIMELINE_POINTS = 2000;

/**
 * From the windows' member scores to all that is said about the channel as a whole. The event loop turns between the
 * steps: of hours of sound each takes its time.
 *
 * @param stretches what the member of `localization` heard in them; none where it was not asked
 */
export async function scoreClip(
  windows: readonly AnalysedWindow[],
  manifest: Manifest,
  ensemble: 'full' | 'classic',
  stretches: readonly ScoredWindow[] = [],
): Promise<ClipScore> {
  const { fusion, pooling } = manifest.ensembles[ensemble];
  const scored = windows.filter((window) => window.logits !== null);
  const weights = scored.map((window) => window.speechRatio);
  const fused = (window: AnalysedWindow) => window.logits && fuseLogits(window.logits, fusion);
  const pool = (logits: number[]) => poolLogits(logits, weights, pooling);
  const effective = effectiveWindows(weights, pooling, manifest);
  const members: Record<string, number> = {};
  for (const name of fusion.members) {
    members[name] =
      scored.length === 0 ? 0.5 : sigmoid(effective * pool(scored.map((window) => window.logits![name])));
  }
  const calibrated = windows.map((window) => {
    const logit = fused(window);
    return { ...window, logit: logit === null ? null : plattLogit(logit, pooling.calibration) };
  });
  await ownTurn();
  const slots = await gatherInTurns(slotsOf(calibrated));
  const fine = await refine(slots, stretches, manifest, ensemble);
  const timeline = thinSlots(fine, MAX_TIMELINE_POINTS);
  await ownTurn();
  const distance = scored.length === 0 ? 0 : meanDistance(scored);
  const isKnown = distance <= manifest.limits.max_distance;
  const part = isKnown ? await partOf(slots, fine, manifest) : null;
  await ownTurn();
  // The fine timeline of a recording of one kind goes up and down; where it holds two, it tells where.
  const segments = segmentsOf(part ? timeline : thinSlots(slots, MAX_TIMELINE_POINTS));
  await ownTurn();
  return {
    pFake:
      scored.length === 0
        ? 0.5
        : sigmoid(effective * plattLogit(pool(scored.map((w) => fused(w)!)), pooling.calibration)),
    members,
    disagreement: Math.max(...Object.values(members)) - Math.min(...Object.values(members)),
    distance,
    speechRatio: scored.length === 0 ? 0 : meanSpeechRatio(windows),
    timeline,
    segments,
    clonedPart: part,
  };
}

/** A part of some length, by the windows; or else a phrase, by the stretches. */
async function partOf(
  slots: readonly Slot[],
  fine: readonly Slot[],
  { limits, localization }: Manifest,
): Promise<Contrast | null> {
  const part = clonedPart(slots, limits);
  if (part || !localization || fine === slots) return part;
  const contrasts = await gatherInTurns(phraseContrasts(fine, limits));
  return clonedPhrase(fine, contrasts, localization.contrast);
}

/** The same slots where no stretch was heard. */
async function refine(
  slots: readonly Slot[],
  stretches: readonly ScoredWindow[],
  { localization, ensembles, window_sec }: Manifest,
  ensemble: 'full' | 'classic',
): Promise<readonly Slot[]> {
  if (!localization || stretches.length === 0) return slots;
  const { fusion, pooling } = ensembles[ensemble];
  const weight = (fusion.weights[localization.member] ?? 0) * pooling.calibration.slope;
  const fine = await gatherInTurns(slotsOf(stretches));
  return gatherInTurns(refineSlots(slots, fine, { weight, reachSec: window_sec }));
}

function meanDistance(windows: readonly AnalysedWindow[]): number {
  const weights = windows.map((window) => window.speechRatio);
  return weightedMean(
    windows.map((window) => window.distance),
    weights,
  );
}

function meanSpeechRatio(windows: readonly AnalysedWindow[]): number {
  const lengths = windows.map((window) => window.endSec - window.startSec);
  return weightedMean(
    windows.map((window) => window.speechRatio),
    lengths,
  );
}
