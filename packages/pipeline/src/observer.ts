import type { Report } from '@bonafide/contracts';
import type { SourceFacts } from './audio/decode-report';

/** What a clip came as and what was found of it, beside what its report says. */
export type ClipFacts = {
  source: Pick<SourceFacts, 'codec' | 'sampleRateHz'>;
  /** Scores of the members by name, 0..1. */
  members: Readonly<Record<string, number>>;
  disagreement: number;
  /** From the training recordings; 1 is typical. */
  distance: number;
  report: Report;
};

/** Looks on while a clip is analysed, and takes no part in it. What it throws ends the analysis, so it must not. */
export type Observer = {
  /** The manifest's features of one window with speech, of whichever channel. The array is not to be kept. */
  window(row: Float32Array): void;
  /** Once, at the end. */
  clip(facts: ClipFacts): void;
};
