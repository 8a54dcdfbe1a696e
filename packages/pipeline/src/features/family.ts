import type { WindowAnalysis } from './analysis';

/** What people and programs are told of one of the named numbers of a window. */
export interface FeatureDefinition {
  /** snake_case, stable: models refer to it. */
  readonly name: string;
  readonly family: string;
  readonly unit: string;
  /** Words a person understands, without jargon where it can be helped. */
  readonly title: string;
  /** How the number is computed. */
  readonly definition: string;
  /** What it tells about a voice. */
  readonly help: string;
  /** The frequencies that it looks at; absent where it looks at all of them, or at what is in every voice. */
  readonly bandHz?: BandHz;
}

export type BandHz = readonly [low: number, high: number];

/** Of neighbouring bands with these edges, one. */
export const bandAt = (edgesHz: readonly number[], band: number): BandHz => [
  edgesHz[band],
  edgesHz[band + 1],
];

/** As titles and definitions name it. */
export const inKilohertz = ([low, high]: BandHz): string => `${low / 1000} to ${high / 1000} kHz`;

export interface FeatureFamily {
  readonly definitions: readonly FeatureDefinition[];
  /**
   * A measure owns its scratch space; it fills `out[offset..offset + definitions.length]`, and may leave
   * out what is not in `wanted`.
   */
  createMeasure(wanted: ReadonlySet<string>): Measure;
}

export type Measure = (analysis: WindowAnalysis, out: Float64Array, offset: number) => void;

/** Two digits, as feature names number their rows. */
export function twoDigits(index: number): string {
  return String(index).padStart(2, '0');
}
