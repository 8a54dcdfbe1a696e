import type { Ensemble, FeatureReason, Fusion, Label, Manifest } from '@bonafide/contracts';
import { attribute, type Contribution, stepEffects, stepRows } from './ensemble/attribution';
import { fuseLogits } from './ensemble/fusion';
import { labelOf } from './ensemble/segments';
import type { BandHz } from './features/family';
import { FEATURES } from './features/table';
import type { LoadedMembers } from './inference/members';
import { scoreRows } from './window-scores';

/**
 * Features tried, two rows of every member each. On 12 windows of a trial ensemble the order was that of sampled
 * Shapley values (rank correlation 0.997), and with 16 tried the five strongest held 99 % of the best five's.
 */
const MAX_FEATURES_TRIED = 16;
const MAX_FOR = 5;
const MAX_AGAINST = 3;
/** Contributions below this many logits are not worth a sentence. */
const MIN_WEIGHT = 0.01;

type ManifestFeature = Manifest['features'][number];

/** A window's features, and what they are to be told as. */
export type Explained = { row: Float32Array; result: Label; ensemble: Ensemble; bandwidthHz: number };
export type Explainer = (explained: Explained) => Promise<FeatureReason[]>;

/**
 * Prepares explanations: measures once what each feature can do to each member.
 *
 * The explainer names the features that moved the members that look at features most in one window: up to five
 * that speak for the result, then up to three against it. Weights are in logits of the fused score. What looks at
 * frequencies that are for the most part above the recording's bandwidth is not named: there it measures what was
 * filled in.
 */
export async function createExplainer(manifest: Manifest, members: LoadedMembers): Promise<Explainer> {
  const middlesHz = manifest.features.map(({ name }) => middleOf(BANDS_HZ.get(name)));
  const means = Float32Array.from(manifest.features, (feature) => feature.mean);
  const deviations = Float32Array.from(manifest.features, (feature) => feature.std);
  const stepLogits = await scoreRows(members, namesOf(members), stepRows(means, deviations));
  const effectsOf = (ensemble: Ensemble) => {
    const fusion = lookingFusion(manifest, members, ensemble);
    return stepEffects(stepLogits.map((logits) => fuseLogits(logits, fusion)));
  };
  const effects = { full: effectsOf('full'), classic: effectsOf('classic') };
  return async ({ row, result, ensemble, bandwidthHz }) => {
    const fusion = lookingFusion(manifest, members, ensemble);
    const used = new Set(fusion.members);
    const standard = row.map((value, i) => (value - means[i]) / deviations[i]);
    const isTold = (index: number) => middlesHz[index] < bandwidthHz;
    const input = {
      ...{ row, standard, means, effects: effects[ensemble] },
      ...{ maxFeatures: MAX_FEATURES_TRIED, isTold },
    };
    const contributions = await attribute(input, async (rows) =>
      (await scoreRows(members, used, rows)).map((logits) => fuseLogits(logits, fusion)),
    );
    const telling = contributions.filter(({ weight }) => Math.abs(weight) >= MIN_WEIGHT);
    const speaksFor = (contribution: Contribution) => directionOf(contribution) === result;
    return [
      ...telling.filter(speaksFor).slice(0, MAX_FOR),
      ...telling.filter((contribution) => !speaksFor(contribution)).slice(0, MAX_AGAINST),
    ].map((contribution) =>
      reasonOf(contribution, manifest.features[contribution.index], row[contribution.index]),
    );
  };
}

const BANDS_HZ = new Map(FEATURES.map(({ name, bandHz }) => [name, bandHz]));
const middleOf = (bandHz: BandHz | undefined) => (bandHz ? (bandHz[0] + bandHz[1]) / 2 : 0);

function namesOf(members: LoadedMembers): Set<string> {
  return new Set(members.features.map(({ member }) => member.name));
}

/**
 * The fusion without the members that hear the waveform: they are the same in every row, and cancel in each
 * difference.
 */
function lookingFusion(manifest: Manifest, members: LoadedMembers, ensemble: Ensemble): Fusion {
  const { fusion } = manifest.ensembles[ensemble];
  const looking = namesOf(members);
  return { ...fusion, members: fusion.members.filter((name) => looking.has(name)) };
}

/** A positive contribution is a push towards fake. */
function directionOf({ weight }: Contribution): Label {
  return labelOf(weight > 0 ? 1 : 0);
}

function reasonOf(contribution: Contribution, feature: ManifestFeature, value: number): FeatureReason {
  const direction = directionOf(contribution);
  return {
    feature: feature.name,
    title: feature.title,
    value,
    direction,
    weight: Math.abs(contribution.weight),
    real_range: feature.real_range,
    fake_range: feature.fake_range,
    text: sentence(feature, value, direction),
  };
}

function sentence(feature: ManifestFeature, value: number, direction: Label): string {
  const unit = feature.unit && feature.unit !== '1' ? ` ${feature.unit}` : '';
  const side = direction === 'fake' ? 'a cloned' : 'a real';
  const place = placeOf(value, feature);
  return `${feature.title}: ${readable(value)}${unit} ${place}; here it speaks for ${side} voice.`;
}

/** Where the value, as it is shown, lies beside what is usual (10th to 90th percentile of the training windows). */
function placeOf(value: number, { real_range: real, fake_range: fake }: ManifestFeature): string {
  const shown = (number: number) => Number(readable(number));
  const isIn = ([low, high]: readonly [number, number]) =>
    shown(value) >= shown(low) && shown(value) <= shown(high);
  const [inReal, inFake] = [isIn(real), isIn(fake)];
  const realText = `real speech (${readable(real[0])} to ${readable(real[1])})`;
  const fakeText = `cloned speech (${readable(fake[0])} to ${readable(fake[1])})`;
  if (inReal && inFake) return `is usual both in ${realText} and in ${fakeText}`;
  if (inReal) return `is usual in ${realText}, not in ${fakeText}`;
  if (inFake) return `is usual in ${fakeText}, not in ${realText}`;
  return `is unusual both in ${realText} and in ${fakeText}`;
}

function readable(value: number): string {
  return String(Number(value.toPrecision(3)));
}
