import { z } from 'zod';
import { bundleVersionSchema } from './serving';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const share = z.number().min(0).max(1);
const metrics = z.record(z.string(), z.number());

/** p = 1 / (1 + exp(-(slope * logit(raw) + intercept))) (Platt 1999, on the logit of the member's output). */
export const plattSchema = z.object({ slope: z.number(), intercept: z.number() });

/** A member's raw answer rises with what speaks for fake, and so does what is made of it. */
const risingSchema = plattSchema.extend({ slope: z.number().positive() });

const memberBase = {
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  file: z.string().regex(/^[a-z0-9_.-]+\.onnx$/),
  sha256,
  input: z.string(),
  output: z.string(),
  calibration: risingSchema,
  validation: metrics,
};

const count = z.number().int().positive();

/** A window of a minute at 48 kHz. */
const MOST_SAMPLES = 60 * 48_000;

/** What a member that hears the sound gets, and how its answer is to be read. */
const hearing = {
  ...memberBase,
  sample_rate: count.min(4_000).max(48_000),
  /** Absent: the bundle's. A longer one is filled by repetition, for a shorter one the window is cut in pieces. */
  window_sec: z.number().min(0.1).max(60).optional(),
  /** Absent: `probabilities`. `logits`: two, before softmax; `logit`: one, before the logistic function. */
  answers: z.enum(['probabilities', 'logits', 'logit']).optional(),
  /** Which of two answers is for fake. Absent: 1. */
  fake_column: z.union([z.literal(0), z.literal(1)]).optional(),
};

/** Hann frames without padding at the ends, as of librosa with `center=False`. */
export const spectrogramSchema = z.object({
  /** A power of two. */
  fft_length: count.refine(
    (length) => length >= 64 && length <= 8_192 && Number.isInteger(Math.log2(length)),
    {
      error: 'is to be a power of two from 64 to 8192',
    },
  ),
  /** The Hann window, in the middle of the frame where it is shorter. */
  frame_length: count,
  hop_length: count,
  /** Slaney's scale and area; absent: the bins as they are. */
  mels: z.object({ count, low_hz: z.number().min(0), high_hz: z.number().positive() }).optional(),
  /** Of the magnitude: 1 or 2. */
  power: z.union([z.literal(1), z.literal(2)]),
  /** The natural logarithm is taken, of this at least; absent: none. */
  log_floor: z.number().positive().optional(),
  layout: z.enum(['frequency_time', 'time_frequency']),
});

/** What a member looks at: the features of a window, its waveform at a rate of its own, or a spectrogram of that. */
export const memberSchema = z.discriminatedUnion('kind', [
  z.object({ ...memberBase, kind: z.literal('features'), columns: count }),
  z.object({ ...hearing, kind: z.literal('waveform') }),
  z.object({ ...hearing, kind: z.literal('spectrogram'), spectrogram: spectrogramSchema }),
]);

/** logit(p) = intercept + sum of weights[member] * logit(p_member), on window scores. */
export const fusionSchema = z.object({
  members: z.array(z.string()).min(1),
  weights: z
    .record(z.string(), z.number().min(0))
    .refine((weights) => Object.values(weights).some((weight) => weight > 0), {
      error: 'give no member a say',
    }),
  intercept: z.number(),
});

/**
 * From window scores to the clip's: logit = mean + upper_weight * (upper quantile - mean), then Platt, then times the
 * number of windows that count as independent.
 */
export const poolingSchema = z.object({
  upper_quantile: z.number().min(0).max(1),
  upper_weight: z.number(),
  /** Calibration of the pooled logit. */
  calibration: plattSchema,
  /** Of windows of one recording, within classes; at 1 many windows say no more than one. */
  correlation: z.number().min(0).max(1).default(1),
});

/**
 * Test-time augmentation: a channel of no more than so many windows with speech is measured at other speeds besides, and
 * each member that looks at features answers with the mean of its calibrated logits.
 */
export const augmentationSchema = z.object({
  /** How many times as fast, the pitch moved with it. */
  speeds: z.array(z.number().min(0.5).max(2)).min(1).max(8),
  windows: count,
});

const ensembleEntry = z.object({
  fusion: fusionSchema,
  pooling: poolingSchema,
  /** Absent: every window is measured once. */
  augmentation: augmentationSchema.optional(),
});

export const limitsSchema = z.object({
  min_speech_sec: z.number(),
  min_bandwidth_hz: z.number(),
  min_snr_db: z.number(),
  max_clipping: z.number(),
  /** Bits a second by ffmpeg's name of a codec; with fewer, real voices are taken for clones. Absent: none. */
  min_bit_rate: z.record(z.string(), z.number()).optional(),
  max_music: z.number(),
  max_speaker_change: z.number(),
  max_distance: z.number(),
  max_disagreement: z.number(),
  /** Logits from even odds that a part of a recording lies on a side by. */
  near_threshold: z.number(),
  /** Logits beyond the threshold from which on a result is conclusive. Absent (bundles before 1.14): `near_threshold`. */
  near_threshold_by_result: z.object({ real: z.number(), fake: z.number() }).optional(),
  /** Logits by which the windows of a cloned part stand out from the rest of their recording. */
  partial_contrast: z.number(),
});

/**
 * Where in a recording: the member that answers for short stretches of each window besides. None where it is not in
 * the ensemble that was asked for, or the recording fits into one window.
 */
export const localizationSchema = z.object({
  member: z.string(),
  /**
   * Of the member's graph: an answer as the member's own for each stretch of `window_sec`, one every `hop_sec` from the
   * window's beginning.
   */
  output: z.string(),
  window_sec: z.number().positive(),
  hop_sec: z.number().positive(),
  /** Logits by which a cloned phrase stands out from what is around it. */
  contrast: z.number().positive(),
});

/** Bundles 1.4 and 1.5 had short windows heard anew: their entry is left aside, and they tell by whole windows. */
const isFormer = (entry: unknown) =>
  typeof entry === 'object' && entry !== null && !('output' in entry) && !('contrast' in entry);

/** models/active.json: which of several bundles runs. */
export const activeBundleSchema = z.object({ bundle: z.string().regex(/^[A-Za-z0-9._-]+$/) });

/**
 * What the members answer (raw, before calibration) to inputs that anybody can make again, so that whoever loads
 * the bundle finds out whether it computes here what it computed where it was made.
 */
export const paritySchema = z.object({
  /** Feature rows, in the order of `features`. */
  rows: z.array(
    z.object({
      features: z.array(z.number()),
      expected: z.record(z.string(), z.number()),
      /**
       * What each ensemble makes of a recording of one window with these features, where those members that hear answer
       * as to the noise below. Absent: what is made of the members' answers is not checked.
       */
      p_fake: z.object({ full: share.optional(), classic: share.optional() }).optional(),
    }),
  ),
  /**
   * Noise of so many samples at the member's own rate, uniform in ±1/8, by linear congruence (Knuth 1969):
   * state = state * 1664525 + 1013904223 modulo 2^32, beginning with `seed`; sample = (state / 2^32 - 1/2) / 4.
   */
  noise: z.array(
    z.object({
      seed: z.number().int().min(0),
      samples: count.max(MOST_SAMPLES),
      expected: z.record(z.string(), z.number()),
    }),
  ),
});

/** A bundle's description: all that the worker needs to know about the models beside it. */
export const manifestSchema = z.object({
  format: z.literal(1),
  version: bundleVersionSchema,
  created_at: z.string(),
  feature_version: z.string(),
  sample_rate: z.number().int(),
  window_sec: z.number().positive(),
  hop_sec: z.number().positive(),
  features: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      unit: z.string(),
      mean: z.number(),
      std: z.number().positive(),
      /** 10th to 90th percentile over training windows of real and of fake speech. */
      real_range: z.tuple([z.number(), z.number()]),
      fake_range: z.tuple([z.number(), z.number()]),
    }),
  ),
  members: z.array(memberSchema).min(1),
  best_member: z.string(),
  default_ensemble: z.enum(['full', 'classic']),
  ensembles: z.object({ full: ensembleEntry, classic: ensembleEntry }),
  thresholds: z
    .object({ recall: share, balanced: share, precision: share })
    .refine(({ recall, balanced, precision }) => recall <= balanced && balanced <= precision, {
      error: 'are to rise from recall over balanced to precision',
    }),
  limits: limitsSchema,
  localization: z.preprocess((entry) => (isFormer(entry) ? undefined : entry), localizationSchema.optional()),
  /** Out of distribution: Mahalanobis-like distance over principal axes of standardised training features. */
  distribution: z.object({ axes: z.array(z.array(z.number())), variances: z.array(z.number()) }),
  training: z.record(z.string(), z.unknown()),
  parity: paritySchema.optional(),
});

/**
 * Which of several bundles runs where nothing names one: the one made first, so that one that is put beside it
 * waits until somebody activates it. An edited copy may have kept the time; then the version that comes first.
 */
export function firstMade<T extends Made>(bundles: readonly T[]): T | undefined {
  return inOrderMade(bundles)[0];
}

/** Bundles, the one made first at the head. */
export function inOrderMade<T extends Made>(bundles: readonly T[]): T[] {
  const madeMs = ({ manifest }: T) => Date.parse(manifest.created_at) || 0;
  const byVersion = new Intl.Collator('en', { numeric: true });
  return [...bundles].sort(
    (a, b) => madeMs(a) - madeMs(b) || byVersion.compare(a.manifest.version, b.manifest.version),
  );
}

type Made = { manifest: Pick<Manifest, 'created_at' | 'version'> };

export type Platt = z.infer<typeof plattSchema>;
export type Member = z.infer<typeof memberSchema>;
export type SpectrogramSpec = z.infer<typeof spectrogramSchema>;
export type Fusion = z.infer<typeof fusionSchema>;
export type Pooling = z.infer<typeof poolingSchema>;
export type Augmentation = z.infer<typeof augmentationSchema>;
export type Localization = z.infer<typeof localizationSchema>;
export type Parity = z.infer<typeof paritySchema>;
export type Limits = z.infer<typeof limitsSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
