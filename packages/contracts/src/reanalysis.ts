import { z } from 'zod';
import { callerNameSchema } from './http';
import { analysisIdSchema, batchIdSchema } from './identity';
import { momentSchema } from './paging';
import { verdictSchema } from './report';
import { bundleVersionSchema } from './serving';

/** Which analyses of the caller's are to be scored again: those that ended and meet all of it. */
export const reanalysisFilterSchema = z.strictObject({
  /** When they were handed in; `from` is included, `to` is not. */
  from: momentSchema.optional(),
  to: momentSchema.optional(),
  status: z.enum(['succeeded', 'failed', 'canceled']).optional(),
  verdict: verdictSchema.optional(),
  label: callerNameSchema.optional(),
  batch: batchIdSchema.optional(),
  /** The bundle that made their result. */
  model_version: bundleVersionSchema.optional(),
});

/** By which bundle: without a version the one that is active when the wish comes. */
export const reanalysisSchema = z.strictObject({
  filter: reanalysisFilterSchema,
  model_version: bundleVersionSchema.optional(),
});

/** What an analysis that is scored again had as its result; without a verdict it had not succeeded. */
export const originalSchema = z.object({
  analysis_id: analysisIdSchema,
  verdict: verdictSchema.nullable(),
  p_fake: z.number().min(0).max(1).nullable(),
  /** Absent from manifests of before it was kept. */
  decision: z.enum(['conclusive', 'inconclusive']).nullable().optional(),
  model_version: z.string().nullable(),
});

const count = z.number().int().min(0);
/** What scoring again has changed, over all that had a result before and have one now. */
export const scoreChangesSchema = z.object({
  compared: count,
  /** Decisions that were conclusive and are not any more. */
  to_inconclusive: count,
  /** Decisions that were inconclusive and are conclusive now. */
  to_conclusive: count,
  /** How far `p_fake` has moved, to either side. */
  mean_difference: z.number().min(0).max(1),
  largest_difference: z.number().min(0).max(1),
});

export type ScoreChanges = z.infer<typeof scoreChangesSchema>;
export type ReanalysisFilter = z.infer<typeof reanalysisFilterSchema>;
export type Reanalysis = z.infer<typeof reanalysisSchema>;
export type Original = z.infer<typeof originalSchema>;

type Scored = { status: string; verdict?: string | null };

/** Whether scoring again came to another verdict; null as long as it has come to none. */
export function hasChanged(original: Original | undefined, { status, verdict }: Scored): boolean | null {
  if (!original || status !== 'succeeded') return null;
  return (verdict ?? null) !== original.verdict;
}
