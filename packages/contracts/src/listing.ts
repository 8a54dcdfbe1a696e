import { z } from 'zod';
import { analysisSchema, analysisStatusSchema } from './analysis';
import { callerNameSchema } from './http';
import { analysisIdSchema, batchIdSchema } from './identity';
import { momentSchema, pageQuerySchema, pageSchema } from './paging';
import { verdictSchema } from './report';

/** Query of `GET /v1/analyses`. `from` is included, `to` is not. */
export const analysesQuerySchema = pageQuerySchema.extend({
  status: analysisStatusSchema.optional(),
  batch: batchIdSchema.optional(),
  label: callerNameSchema.optional(),
  /** Only what scores this analysis again. */
  reanalysis_of: analysisIdSchema.optional(),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
});

/** An analysis in a list: without the report, with what is asked of it first. */
export const analysisSummarySchema = analysisSchema.omit({ result: true }).extend({
  /** Null until it has succeeded. */
  verdict: verdictSchema.nullable(),
  p_fake: z.number().min(0).max(1).nullable(),
  decision: z.enum(['conclusive', 'inconclusive']).nullable(),
  partially_cloned: z.boolean().nullable(),
});

export const analysesPageSchema = pageSchema(analysisSummarySchema);

const count = z.number().int().min(0);

/** Answer of `DELETE /v1/analyses/{id}`: how many things of each kind there were and are no more. */
export const deletionSchema = z.object({
  id: analysisIdSchema,
  removed: z.object({
    media: count,
    submission: count,
    result: count,
    /** Other documents of this analysis, such as notes on how it came to its result. */
    documents: count,
    /** Jobs that waited in the queue. */
    jobs: count,
    /** Webhook deliveries with their bodies. */
    deliveries: count,
    /** Entries in the index and the events. */
    index: count,
  }),
});

export type AnalysesQuery = z.infer<typeof analysesQuerySchema>;
export type AnalysisSummary = z.infer<typeof analysisSummarySchema>;
export type Deletion = z.infer<typeof deletionSchema>;
