import { z } from 'zod';
import { analysisErrorSchema } from './analysis';
import { countersSchema, itemDecisionSchema, listedItemSchema, skipReasonSchema } from './batches';
import { analysisIdSchema, batchIdSchema, sha256Schema, tenantSchema, timestampSchema } from './identity';
import { originalSchema, scoreChangesSchema } from './reanalysis';
import { verdictSchema } from './report';

const index = z.number().int().min(0);
const base = { format: z.literal(1), id: batchIdSchema, tenant: tenantSchema };
const names = { custom_id: z.string().optional(), label: z.string().optional() };

/**
 * What a batch holds, found out before anything is taken from it: so a run that is cut off goes on with the same
 * entries in the same order, though a bucket may have changed meanwhile.
 */
export const surveySchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('archive'),
    entries: index,
    /** What the archive's own manifest file says, by path. */
    names: z.record(z.string(), z.object(names)),
    /** What could not be read of it, by its own path. */
    unread: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ ...base, kind: z.literal('list'), items: z.array(listedItemSchema) }),
  z.object({
    ...base,
    kind: z.literal('prefix'),
    objects: z.array(z.object({ key: z.string(), bytes: index })),
  }),
  z.object({ ...base, kind: z.literal('reanalysis'), analyses: z.array(analysisIdSchema) }),
]);

/** One entry as it was found: a line of a page. Its analysis, where it has one, knows the rest. */
export const manifestEntrySchema = z.object({
  index,
  path: z.string(),
  /** base64; absent where the path as UTF-8 is what the archive has. */
  path_raw: z.string().optional(),
  bytes: index.optional(),
  sha256: sha256Schema.optional(),
  state: z.enum(['accepted', 'skipped', 'failed']),
  reason: skipReasonSchema.optional(),
  detail: z.string().optional(),
  duplicate_of: index.optional(),
  error: analysisErrorSchema.optional(),
  original: originalSchema.optional(),
  ...names,
});

/** What became of an accepted entry in a round: a line of a page of results, and the live state in Redis. */
export const itemStateSchema = z.object({
  status: z.enum(['queued', 'processing', 'succeeded', 'failed', 'canceled']),
  /** Absent where there was nothing to analyse, or the analysis has been deleted. */
  analysis_id: analysisIdSchema.optional(),
  verdict: verdictSchema.optional(),
  p_fake: z.number().optional(),
  decision: itemDecisionSchema.optional(),
  partially_cloned: z.boolean().optional(),
  cached: z.boolean().optional(),
  changed: z.boolean().optional(),
  error: analysisErrorSchema.optional(),
});
export const resultLineSchema = itemStateSchema.extend({ index });

/** What was found in all, written once every entry is in the manifest. */
export const totalsSchema = z.object({ entries: index, accepted: index, skipped: index, failed: index });
export const expansionSchema = totalsSchema.extend({
  ...base,
  ended_at: timestampSchema,
  error: analysisErrorSchema.optional(),
});

/** The wish to stop, for one round. */
export const batchCancelSchema = z.object({ ...base, round: index, created_at: timestampSchema });

/** A further go at what failed. Round 0 is the first and has no document. */
export const batchRoundSchema = z.object({
  ...base,
  round: z.number().int().min(1),
  created_at: timestampSchema,
  items: z.array(index),
});

/** The end of a round: of several that find it over, one writes it. */
export const batchEndSchema = z.object({
  ...base,
  round: index,
  status: z.enum(['completed', 'canceled', 'failed']),
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema,
  counters: countersSchema,
  changes: scoreChangesSchema.optional(),
  error: analysisErrorSchema.optional(),
  /** Successful entries by score, in twenty equal steps from 0 to 1. */
  histogram: z.array(index),
  /** Per page of the manifest: how many entries are of which status, so that a filter skips the others. */
  pages: z.array(z.record(z.string(), index)),
});

export type Survey = z.infer<typeof surveySchema>;
export type ManifestEntry = z.infer<typeof manifestEntrySchema>;
export type ItemState = z.infer<typeof itemStateSchema>;
export type ResultLine = z.infer<typeof resultLineSchema>;
export type Totals = z.infer<typeof totalsSchema>;
export type Expansion = z.infer<typeof expansionSchema>;
export type BatchCancel = z.infer<typeof batchCancelSchema>;
export type BatchRound = z.infer<typeof batchRoundSchema>;
export type BatchEnd = z.infer<typeof batchEndSchema>;

/** How many entries a page of the manifest holds; only the last has fewer. */
export const ENTRIES_A_PAGE = 250;
export const HISTOGRAM_BINS = 20;
