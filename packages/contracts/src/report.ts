import { z } from 'zod';
import { errorCodeSchema } from './errors';

/** Percent with three decimals, as the original module answered. */
const percent = z.number().min(0).max(100);
const unit = z.number().min(0).max(1);

export const labelSchema = z.enum(['real', 'fake']);
export const verdictSchema = z.enum(['AUTHENTIC', 'CLONED']);
export const profileSchema = z.enum(['recall', 'balanced', 'precision']);
/** `full` runs every member of the bundle, `classic` the three that the original had. */
export const ensembleSchema = z.enum(['full', 'classic']);

export const decisionCodeSchema = z.enum([
  'too_short',
  'no_speech',
  'music',
  'low_quality',
  'low_bit_rate',
  'band_limited',
  'multiple_speakers',
  'out_of_distribution',
  'members_disagree',
  'partially_cloned',
  'near_threshold',
]);

export const segmentSchema = z.object({
  start_sec: z.number().min(0),
  end_sec: z.number().min(0),
  p_fake: unit.nullable(),
  verdict: verdictSchema.nullable(),
  speech_ratio: unit,
});

export const featureReasonSchema = z.object({
  feature: z.string(),
  title: z.string(),
  value: z.number(),
  direction: labelSchema,
  weight: z.number(),
  real_range: z.tuple([z.number(), z.number()]),
  fake_range: z.tuple([z.number(), z.number()]),
  text: z.string(),
});

export const qualitySchema = z.object({
  bandwidth_hz: z.number(),
  snr_db: z.number(),
  clipping: unit,
  speech_sec: z.number(),
  music: unit,
  level_dbfs: z.number(),
});

/** What of a file could not be judged, as a code; `cause` says why. */
export const warningSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('file_damaged') }),
  z.object({ code: z.literal('file_truncated'), stated_sec: z.number(), decoded_sec: z.number() }),
  z.object({ code: z.literal('channels_mixed'), channels: z.number().int() }),
  z.object({ code: z.literal('other_tracks'), tracks: z.number().int() }),
  z.object({ code: z.literal('channel_left_out'), channel: z.number().int(), cause: errorCodeSchema }),
]);

/** The answer about one clip. The first six fields are the original's, name by name. */
export const reportSchema = z.object({
  success: z.literal(true),
  classification: z.object({
    result: labelSchema,
    confidence: percent,
    confidence_score: percent,
    fake_probability: percent,
    real_probability: percent,
  }),
  ensemble_result: z.object({ result: labelSchema, confidence: percent, verdict: verdictSchema }),
  model_predictions: z.record(z.string(), z.object({ prediction: labelSchema, confidence: percent })),
  audio_info: z.object({ duration: z.number(), sample_rate: z.number(), file_path: z.string() }),
  processing_info: z.object({
    processing_time: z.number(),
    best_model_used: z.string(),
    models_available: z.array(z.string()),
    feature_count: z.number(),
    version: z.string(),
  }),
  p_fake: unit,
  threshold: z.object({ profile: profileSchema, value: unit }),
  decision: z.object({
    status: z.enum(['conclusive', 'inconclusive']),
    reasons: z.array(z.object({ code: decisionCodeSchema, value: z.number(), limit: z.number() })),
  }),
  segments: z.array(segmentSchema),
  /** The timeline, for drawing; segments join stretches of one verdict (of its windows of 4 s, unless partly cloned). */
  windows: z.array(z.object({ start_sec: z.number(), end_sec: z.number(), p_fake: unit.nullable() })),
  partially_cloned: z.boolean(),
  channels: z.array(z.object({ channel: z.number().int(), p_fake: unit })),
  reasons: z.array(featureReasonSchema),
  quality: qualitySchema,
  warnings: z.array(z.string()),
  /** The same for programs, in the same order; absent from reports of before there were codes. */
  warning_codes: z.array(warningSchema).optional(),
  ensemble: ensembleSchema,
  model_version: z.string(),
  feature_version: z.string(),
  cached: z.boolean(),
});

export type Warning = z.infer<typeof warningSchema>;
export type Label = z.infer<typeof labelSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
export type Profile = z.infer<typeof profileSchema>;
export type Ensemble = z.infer<typeof ensembleSchema>;
export type DecisionCode = z.infer<typeof decisionCodeSchema>;
export type DecisionReason = { code: DecisionCode; value: number; limit: number };
export type Segment = z.infer<typeof segmentSchema>;
export type FeatureReason = z.infer<typeof featureReasonSchema>;
export type Quality = z.infer<typeof qualitySchema>;
export type Report = z.infer<typeof reportSchema>;
