import { z } from 'zod';
import { manifestSchema } from './manifest';

const figure = z.number().nullish();
const interval = z.tuple([z.number().nullable(), z.number().nullable()]).nullish();

/** Clips of one score range: how many of them were fake. */
export const reliabilityBinSchema = z.object({
  low: z.number(),
  high: z.number(),
  n: z.number().int(),
  mean_p_fake: figure,
  share_fake: figure,
});

const groupsSchema = z.object({
  eer: figure,
  interval,
  groups: z.array(z.object({ name: z.string(), family: z.string(), n: z.number().int(), eer: figure })),
});

const sliceSchema = z.object({
  value: z.string(),
  real: z.number().int(),
  fake: z.number().int(),
  fpr: figure,
  fnr: figure,
});

/** Figures of one system (the fusion, or a member) on one protocol, as the evaluation writes them. */
export const systemFiguresSchema = z.object({
  clips: z.object({ real: z.number().int(), fake: z.number().int() }),
  pooled: z.object({ eer: figure, eer_interval: interval, auc: figure, auc_interval: interval }),
  macro_generators: groupsSchema.nullish(),
  macro_families: groupsSchema.nullish(),
  calibration: z.object({
    ece: figure,
    brier: figure,
    cllr: figure,
    reliability: z.array(reliabilityBinSchema),
  }),
  profiles: z.record(z.string(), z.object({ threshold: z.number(), fpr: figure, fnr: figure })),
  slices: z.record(z.string(), z.array(sliceSchema)).nullish(),
});

const protocolSchema = z.record(z.string(), systemFiguresSchema).nullish();

/** What the product shows of a bundle's evaluation.json; the file holds more. */
export const evaluationSchema = z.object({
  protocols: z.object({ cv: protocolSchema, dev: protocolSchema }),
});

/** Body of `GET /v1/models/current`. */
export const modelSchema = manifestSchema
  .pick({
    version: true,
    created_at: true,
    feature_version: true,
    window_sec: true,
    hop_sec: true,
    features: true,
    default_ensemble: true,
    thresholds: true,
    limits: true,
  })
  .extend({
    members: z.array(z.object({ name: z.string(), kind: z.string(), eer: figure })),
    ensembles: z.object({ full: z.array(z.string()), classic: z.array(z.string()) }),
    /** Null where the bundle comes without an evaluation. */
    evaluation: evaluationSchema.nullable(),
    /** Markdown; null where there is none. */
    card: z.string().nullable(),
  });

export type ReliabilityBin = z.infer<typeof reliabilityBinSchema>;
export type SystemFigures = z.infer<typeof systemFiguresSchema>;
export type Evaluation = z.infer<typeof evaluationSchema>;
export type Model = z.infer<typeof modelSchema>;
