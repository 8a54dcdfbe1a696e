import { z } from 'zod';
import { analysisStatusSchema } from './analysis';
import { analysisRefSchema, timestampSchema } from './identity';

/** Tells that something about an analysis changed. A hint to look, not the truth: that is in the records. */
export const analysisEventSchema = analysisRefSchema.extend({
  status: analysisStatusSchema,
  progress: z.number().min(0).max(1),
  at: timestampSchema,
});

/** What the streams of events call what they tell: of an analysis its status, of a batch its steps and its end. */
export const ANALYSIS_EVENTS = analysisStatusSchema.options;
export const BATCH_EVENTS = ['batch.progress', 'batch.completed', 'batch.canceled', 'batch.failed'] as const;

export type AnalysisEvent = z.infer<typeof analysisEventSchema>;
