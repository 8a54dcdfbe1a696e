import { z } from 'zod';
import { analysisErrorSchema } from './analysis';
import { retentionSchema } from './duration';
import { callerNameSchema } from './http';
import {
  analysisIdSchema,
  batchIdSchema,
  sha256Schema,
  tenantSchema,
  timestampSchema,
  uploadIdSchema,
} from './identity';
import { originalSchema, reanalysisFilterSchema, reanalysisSchema, scoreChangesSchema } from './reanalysis';
import { ensembleSchema, profileSchema, verdictSchema } from './report';

export const batchStatusSchema = z.enum(['queued', 'processing', 'completed', 'canceled', 'failed']);
export const itemStatusSchema = z.enum([
  'queued',
  'processing',
  'succeeded',
  'failed',
  'skipped',
  'canceled',
]);
/** Why an entry of an archive was left out. */
export const skipReasonSchema = z.enum([
  'directory',
  'hidden',
  'link',
  'special_file',
  'sparse_file',
  'unsafe_path',
  'nested_archive',
  'encrypted',
  'unsupported_compression',
  'overlapping',
  'empty',
  'not_audio',
  'duplicate',
  'over_limit',
  'manifest',
  'media_gone',
  /** Not left out: its analysis was deleted, and with it what was found. */
  'deleted',
]);
export const archiveKindSchema = z.enum(['zip', 'tar', 'tar.gz', 'tar.zst']);

const index = z.number().int().min(0);

/** What holds for every entry of a batch. */
export const batchOptionsSchema = z.object({
  profile: profileSchema.optional(),
  ensemble: ensembleSchema.optional(),
  label: callerNameSchema.optional(),
  retention: retentionSchema.optional(),
  /** Told of the batch's own events, beside the registered endpoints. */
  webhook_url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .optional(),
});

/** One of a list that is handed over instead of an archive: an earlier upload or a URL. */
export const listedItemSchema = z
  .strictObject({
    upload_id: uploadIdSchema.optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(4_096)
      .optional(),
    filename: z.string().min(1).max(255).optional(),
    custom_id: callerNameSchema.optional(),
    label: callerNameSchema.optional(),
  })
  .refine(({ upload_id, url }) => (upload_id === undefined) !== (url === undefined), {
    error: 'is either an upload_id or a url',
  });

/**
 * JSON body of `POST /v1/batches`: exactly one of an archive that was uploaded before, a prefix in an allowed
 * bucket (`s3://bucket/prefix`), a list, and a wish to score again what is stored.
 */
export const batchCreationSchema = batchOptionsSchema
  .extend({
    upload_id: uploadIdSchema.optional(),
    prefix: z
      .string()
      .regex(/^s3:\/\/[^/]+\/.{0,1000}$/, { error: 'is s3://bucket/prefix' })
      .optional(),
    items: z.array(listedItemSchema).min(1).max(100_000).optional(),
    reanalyse: reanalysisSchema.optional(),
  })
  .strict()
  .refine(
    ({ upload_id, prefix, items, reanalyse }) =>
      [upload_id, prefix, items, reanalyse].filter((one) => one !== undefined).length === 1,
    {
      error: 'exactly one of upload_id, prefix, items and reanalyse is needed',
    },
  );

export const batchSourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('archive'),
    archive: archiveKindSchema,
    bytes: z.number().int(),
    sha256: sha256Schema,
  }),
  z.object({
    kind: z.literal('upload'),
    archive: archiveKindSchema,
    bytes: z.number().int(),
    sha256: sha256Schema,
    upload_id: uploadIdSchema,
  }),
  z.object({ kind: z.literal('prefix'), prefix: z.string() }),
  z.object({ kind: z.literal('list'), entries: z.number().int() }),
  z.object({ kind: z.literal('reanalysis'), filter: reanalysisFilterSchema, model_version: z.string() }),
]);

/** A batch as it was handed over. Never changed. */
export const batchRecordSchema = batchOptionsSchema.extend({
  format: z.literal(1),
  id: batchIdSchema,
  tenant: tenantSchema,
  created_at: timestampSchema,
  filename: z.string(),
  source: batchSourceSchema,
  request_id: z.string().optional(),
  /** Of the request that made it, where that named an `Idempotency-Key`. */
  fingerprint: sha256Schema.optional(),
});

export const countersSchema = z.object({
  /** Entries known; before the archive is surveyed those seen so far. */
  total: index,
  queued: index,
  processing: index,
  succeeded: index,
  failed: index,
  skipped: index,
  canceled: index,
  /** Of those that succeeded: whose result was taken over from the same bytes. */
  cached: index,
  authentic: index,
  cloned: index,
  inconclusive: index,
  /** Of those that succeeded: in which stretches alone are like cloned speech, whatever they count as besides. */
  partially_cloned: index.default(0),
  /** Of those that were scored again: whose verdict is another one now. */
  changed: index.default(0),
});

/** A batch as its client sees it. `rate` is entries a second; `expected_end` is null until it can be told. */
export const batchSchema = z.object({
  id: batchIdSchema,
  status: batchStatusSchema,
  created_at: timestampSchema,
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema.nullable(),
  filename: z.string(),
  source: batchSourceSchema,
  label: z.string().nullable(),
  progress: z.number().min(0).max(1),
  counters: countersSchema,
  /** Of one that scores again, once it has ended; else null. */
  changes: scoreChangesSchema.nullable(),
  rate: z.number().min(0).nullable(),
  expected_end: timestampSchema.nullable(),
  /** Why the archive could not be read to its end. What was read before stays. */
  error: analysisErrorSchema.nullable(),
  links: z.object({ self: z.string(), items: z.string(), report: z.string(), events: z.string() }),
});

export const itemDecisionSchema = z.enum(['conclusive', 'inconclusive']);

/** An entry as its client sees it. `path_raw` is base64 of the bytes that the archive has for the path. */
export const batchItemSchema = z.object({
  index,
  path: z.string(),
  path_raw: z.string(),
  bytes: index.nullable(),
  sha256: sha256Schema.nullable(),
  status: itemStatusSchema,
  reason: skipReasonSchema.nullable(),
  detail: z.string().nullable(),
  error: analysisErrorSchema.nullable(),
  duplicate_of: index.nullable(),
  custom_id: z.string().nullable(),
  label: z.string().nullable(),
  analysis_id: analysisIdSchema.nullable(),
  verdict: verdictSchema.nullable(),
  p_fake: z.number().min(0).max(1).nullable(),
  decision: itemDecisionSchema.nullable(),
  partially_cloned: z.boolean().nullable(),
  cached: z.boolean(),
  /** Of one that was scored again: what was found before, and whether the verdict is another one now. */
  original: originalSchema.nullable(),
  changed: z.boolean().nullable(),
});

export const reportFormatSchema = z.enum(['csv', 'jsonl', 'html']);
export const reportLanguageSchema = z.enum(['en', 'de']);
/** Query of `GET /v1/batches/{id}/report`. `lang` is that of the page; the tables are for programs. */
export const reportQuerySchema = z.object({
  format: reportFormatSchema.default('csv'),
  lang: reportLanguageSchema.optional(),
});

export type ArchiveKind = z.infer<typeof archiveKindSchema>;
export type BatchStatus = z.infer<typeof batchStatusSchema>;
export type BatchOptions = z.infer<typeof batchOptionsSchema>;
export type BatchCreation = z.infer<typeof batchCreationSchema>;
export type BatchSource = z.infer<typeof batchSourceSchema>;
export type BatchRecord = z.infer<typeof batchRecordSchema>;
export type Batch = z.infer<typeof batchSchema>;
export type BatchItem = z.infer<typeof batchItemSchema>;
export type Counters = z.infer<typeof countersSchema>;
export type ItemStatus = z.infer<typeof itemStatusSchema>;
export type ListedItem = z.infer<typeof listedItemSchema>;
export type ReportFormat = z.infer<typeof reportFormatSchema>;
export type ReportLanguage = z.infer<typeof reportLanguageSchema>;
export type SkipReason = z.infer<typeof skipReasonSchema>;

/** Whether nothing will change about the batch any more, unless it is told to try again. */
export function isBatchOver(status: BatchStatus): boolean {
  return status === 'completed' || status === 'canceled' || status === 'failed';
}
