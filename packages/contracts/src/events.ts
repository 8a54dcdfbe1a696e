import { z } from 'zod';
import { analysisStatusSchema } from './analysis';
import { analysisRefSchema, timestampSchema } from './identity';

/** Tells that something about an analysis changed. A hint to look, not the truth: that is in the records. */
export const analysisEventSchema = analysisRefSchema.extend({
  status: analysisStatusSchema,
  progress: z.number().min(0).max(1),
  at: timestampSchema,
});

export type AnalysisEvent = z.infer<typeof analysisEventSchema>;
