import { contrastFamily, flatnessFamily } from './band-texture';
import { lfccFamily, mfccFamily, narrowLfccFamily, narrowMfccFamily } from './cepstra';
import type { FeatureDefinition, FeatureFamily } from './family';
import { fineStructureFamily } from './fine-structure';
import { longTermFamily } from './long-term';
import { cepstralModulationFamily, modulationFamily } from './modulation';
import { phaseFamily } from './phase';
import { predictionFamily } from './prediction';
import { rhythmFamily } from './rhythm';
import { spectralShapeFamily } from './spectral-shape';
import { bandFloorFamily, subBandFamily } from './sub-bands';
import { voiceFamily } from './voice';

/** Every family, in the order in which its features stand in the table. */
export const FAMILIES: readonly FeatureFamily[] = [
  mfccFamily,
  lfccFamily,
  narrowMfccFamily,
  narrowLfccFamily,
  subBandFamily,
  bandFloorFamily,
  spectralShapeFamily,
  contrastFamily,
  flatnessFamily,
  modulationFamily,
  cepstralModulationFamily,
  phaseFamily,
  predictionFamily,
  voiceFamily,
  rhythmFamily,
  longTermFamily,
  fineStructureFamily,
];

/**
 * Of the definitions below. A bundle names the version that it was made with (FEATURE_VERSION in training), and
 * another one's numbers would mean something else to its models.
 */
export const FEATURE_VERSION = '2';

/** All features that can be measured, by name, in order. */
export const FEATURES: readonly FeatureDefinition[] = FAMILIES.flatMap((family) => family.definitions);
