import { z } from 'zod';
import { tenantSchema, timestampSchema } from './identity';

/** What recordings came as: by their codec, and what a telephone carries (8 kHz) whatever its codec. */
export const AUDIO_FORMATS = [
  'telephone',
  'pcm',
  'lossless',
  'mp3',
  'aac',
  'opus',
  'vorbis',
  'other',
] as const;
export const audioFormatSchema = z.enum(AUDIO_FORMATS);
/** Tenants that the deployment watches together; `default` are all that it names no class for. */
export const tenantClassSchema = tenantSchema;
export const DEFAULT_TENANT_CLASS = 'default';
export const ALL = 'all';

const count = z.number().min(0);
const share = z.number().min(0).max(1);
const interval = z.tuple([share, share]);
export const daySchema = z.iso.date();
/** Hour of a sketch, UTC. */
export const hourSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}$/);

/** Bins in the order of the bundle's reference. A clip counts 1 in each quantity, its windows share it. */
export const sketchSchema = z.object({
  clips: count,
  counts: z.array(z.array(count)),
  rates: z.object({ inconclusive: count, out_of_distribution: count, members_disagree: count }),
});

/** Recordings of one format, tenant class and bundle. */
export const sketchGroupSchema = z.object({
  format: audioFormatSchema,
  tenant_class: tenantClassSchema,
  model_version: z.string(),
});
export const groupedSketchSchema = sketchGroupSchema.extend({ sketch: sketchSchema });

/** What was counted in an hour or a day. `parts`: by the process that counted, each its own running total. */
export const sketchRecordSchema = z.object({
  format: z.literal(1),
  period: z.union([hourSchema, daySchema]),
  parts: z.record(z.string(), z.array(groupedSketchSchema)),
});

export const FINDING_KINDS = [
  'features',
  'scores',
  'inconclusive',
  'out_of_distribution',
  'members_disagree',
] as const;
export const AGAINST = ['training', 'own'] as const;

/** Something that is no longer as it was. `against`: the bundle's training recordings, or this service's last weeks. */
export const findingSchema = z.object({
  kind: z.enum(FINDING_KINDS),
  against: z.enum(AGAINST),
  format: z.union([audioFormatSchema, z.literal(ALL)]),
  tenant_class: tenantClassSchema,
  model_version: z.string(),
  clips: z.number(),
  value: z.number(),
  limit: z.number(),
  /** The quantities that moved most, at most ten. */
  most: z.array(z.object({ name: z.string(), psi: z.number(), ks: z.number() })),
});

const movedSchema = z.object({
  name: z.string(),
  kind: z.enum(['feature', 'score', 'measure']),
  psi: z.number(),
  ks: z.number(),
  has_moved: z.boolean(),
});
const rateChangeSchema = z.object({ now: share, reference: share, has_moved: z.boolean() });

/** One group of recordings held against one reference. */
export const driftComparisonSchema = z.object({
  against: z.enum(AGAINST),
  /** Clips that the reference was counted on. */
  reference_clips: z.number(),
  quantities: z.array(movedSchema),
  features_moved: share,
  rates: z.object({
    inconclusive: rateChangeSchema,
    out_of_distribution: rateChangeSchema,
    members_disagree: rateChangeSchema,
  }),
});

export const groupReportSchema = z.object({
  format: z.union([audioFormatSchema, z.literal(ALL)]),
  tenant_class: tenantClassSchema,
  model_version: z.string(),
  clips: z.number(),
  /** Shares of `p_fake` in tenths. */
  scores: z.array(share),
  /** Empty where there are too few clips to say anything. */
  comparisons: z.array(driftComparisonSchema),
});

const rateSchema = z.object({ value: share, interval, of: z.number().int() }).nullable();

/** What people said of recordings, held against what the service had said: a label each, the last one that stands. */
export const feedbackFiguresSchema = z.object({
  days: z.number().int(),
  labels: z.object({ real: z.number().int(), fake: z.number().int(), unsure: z.number().int() }),
  accuracy: rateSchema,
  fpr: rateSchema,
  fnr: rateSchema,
  ece: share.nullable(),
  reliability: z.array(
    z.object({ low: share, high: share, n: z.number().int(), mean_p_fake: share, share_fake: share }),
  ),
  by_model: z.array(
    z.object({ model_version: z.string(), accuracy: rateSchema, fpr: rateSchema, fnr: rateSchema }),
  ),
});

/** Body of `GET /v1/monitoring`, and the daily record of it. */
export const monitoringReportSchema = z.object({
  format: z.literal(1),
  day: daySchema,
  created_at: timestampSchema,
  /** What was looked at, and from how many clips on a verdict is given. */
  window_sec: z.number(),
  min_clips: z.number(),
  limits: z.object({
    psi: z.number(),
    features_moved: z.number(),
    rate_change: z.number(),
  }),
  groups: z.array(groupReportSchema),
  findings: z.array(findingSchema),
  feedback: feedbackFiguresSchema,
});

export const monitoringQuerySchema = z.object({ day: daySchema.optional() });

/** A finding of a day, written when it was first seen; `told` once everyone who is to be told has been. */
export const findingRecordSchema = z.object({
  format: z.literal(1),
  day: daySchema,
  key: z.string(),
  at: timestampSchema,
  finding: findingSchema,
  told: z.boolean(),
});

export type AudioFormat = z.infer<typeof audioFormatSchema>;
export type Sketch = z.infer<typeof sketchSchema>;
export type SketchGroup = z.infer<typeof sketchGroupSchema>;
export type GroupedSketch = z.infer<typeof groupedSketchSchema>;
export type SketchRecord = z.infer<typeof sketchRecordSchema>;
export type Finding = z.infer<typeof findingSchema>;
export type FindingKind = Finding['kind'];
export type Against = Finding['against'];
export type DriftComparison = z.infer<typeof driftComparisonSchema>;
export type GroupReport = z.infer<typeof groupReportSchema>;
export type FeedbackFigures = z.infer<typeof feedbackFiguresSchema>;
export type MonitoringReport = z.infer<typeof monitoringReportSchema>;
export type FindingRecord = z.infer<typeof findingRecordSchema>;
