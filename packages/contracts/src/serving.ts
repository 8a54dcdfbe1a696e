import { z } from 'zod';
import { analysisIdSchema, sha256Schema, tenantSchema, timestampSchema } from './identity';

/** Parts of paths under `/v1/models` that are no versions. */
const RESERVED = ['current', 'rollback', 'shadow', 'canary', 'compare'];

/** What a bundle is called: one segment of a path and of a storage key. */
export const bundleVersionSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .refine((version) => !RESERVED.includes(version), { error: 'is a word of the API' });

/** A bundle and nothing else: `digest` is the SHA-256 of its manifest, which holds those of its files. */
export const bundleRefSchema = z.object({ version: bundleVersionSchema, digest: sha256Schema });

const share = z.number().gt(0).max(1);
export const servingActionSchema = z.enum(['activate', 'rollback', 'shadow', 'canary']);

/** Which bundles serve, from one change to the next. Each change is a document of its own, never changed. */
export const servingRevisionSchema = z.object({
  format: z.literal(1),
  revision: z.number().int().min(1),
  at: timestampSchema,
  /** Whoever changed it: the id of a key, or `command line`. */
  by: z.string(),
  action: servingActionSchema,
  active: bundleRefSchema,
  /** What was active before, the latest first: where a rollback goes. */
  previous: z.array(bundleRefSchema),
  /** Scores what the active one has answered, and answers nothing itself. */
  shadow: bundleRefSchema.nullable(),
  /** Answers a share of the analyses. */
  canary: bundleRefSchema.extend({ share }).nullable(),
});

/** Bodies of `POST /v1/models/shadow` and `POST /v1/models/canary`; null ends it. */
export const shadowWishSchema = z.strictObject({ version: bundleVersionSchema.nullable() });
export const canaryWishSchema = z.union([
  z.strictObject({ version: bundleVersionSchema, share }),
  z.strictObject({ version: z.null() }),
]);

/** Query of `GET /v1/models/compare`: without versions the active bundle and its shadow. */
export const compareQuerySchema = z.object({
  version: bundleVersionSchema.optional(),
  with: bundleVersionSchema.optional(),
});

const roleSchema = z.enum(['active', 'canary', 'shadow', 'previous']);
const canaryShown = z.object({ version: z.string(), share }).nullable();

/** Which bundles serve now, by version. Revision 0: nobody has chosen, the one that was installed serves. */
export const servingSchema = z.object({
  revision: z.number().int().min(0),
  active: z.string(),
  previous: z.array(z.string()),
  shadow: z.string().nullable(),
  canary: canaryShown,
});

/** Body of `GET /v1/models`. */
export const modelsSchema = z.object({
  serving: servingSchema,
  bundles: z.array(
    bundleRefSchema.extend({
      created_at: z.string(),
      feature_version: z.string(),
      members: z.array(z.string()),
      place: z.enum(['models', 'store']),
      role: roleSchema.nullable(),
    }),
  ),
  /** What lies where bundles lie and cannot be read as one. */
  unusable: z.array(z.object({ name: z.string(), problem: z.string() })),
  workers: z.array(
    z.object({ worker: z.string(), model_version: z.string(), refused: z.string().nullable() }),
  ),
  /** The latest changes, newest first. */
  history: z.array(
    servingSchema.extend({ at: timestampSchema, by: z.string(), action: servingActionSchema }),
  ),
});

/** Up to so many of the largest differences are kept. */
export const LARGEST_KEPT = 20;

const differenceSchema = z.object({
  tenant: tenantSchema,
  analysis_id: analysisIdSchema,
  at: timestampSchema,
  p_fake: z.number(),
  shadow_p_fake: z.number(),
});

const count = z.number().int().min(0);

/** How a shadow differed from what answered. */
export const differencesSchema = z.object({
  /** Analyses that both have scored. */
  scored: count,
  /** The shadow failed. */
  failed: count,
  /** There was no time left for the shadow. */
  missed: count,
  verdict_changes: count,
  to_cloned: count,
  to_authentic: count,
  /** Conclusive by one and inconclusive by the other. */
  decision_changes: count,
  /** Sum of |p_fake - shadow_p_fake|. */
  sum_difference: z.number().min(0),
  largest: z.array(differenceSchema).max(LARGEST_KEPT),
});

/** What one process has seen of a pair of bundles. */
export const comparisonRecordSchema = differencesSchema.extend({
  format: z.literal(1),
  answered: bundleVersionSchema,
  shadow: bundleVersionSchema,
  process_id: z.uuid(),
  since: timestampSchema,
  until: timestampSchema,
});

const figure = z.number().nullable();

/** Body of `GET /v1/models/compare`. */
export const comparisonSchema = z.object({
  version: z.string(),
  with: z.string(),
  /** From live traffic; null where `with` was never the shadow of `version`. */
  live: differencesSchema
    .extend({ since: timestampSchema, until: timestampSchema, mean_difference: figure })
    .nullable(),
  /** From the evaluations that come with the bundles, by protocol and system. */
  evaluation: z.array(
    z.object({
      protocol: z.string(),
      system: z.string(),
      eer: figure,
      with_eer: figure,
      auc: figure,
      with_auc: figure,
    }),
  ),
});

export type BundleRef = z.infer<typeof bundleRefSchema>;
export type ServingAction = z.infer<typeof servingActionSchema>;
export type ServingRevision = z.infer<typeof servingRevisionSchema>;
export type ServingState = Pick<ServingRevision, 'revision' | 'active' | 'previous' | 'shadow' | 'canary'>;
export type ServingView = z.infer<typeof servingSchema>;
export type ModelsView = z.infer<typeof modelsSchema>;
export type BundleRole = z.infer<typeof roleSchema>;
export type Differences = z.infer<typeof differencesSchema>;
export type ComparisonRecord = z.infer<typeof comparisonRecordSchema>;
export type Comparison = z.infer<typeof comparisonSchema>;

/** What is said of a state: by version, since people do not compare digests. */
export function viewServing({ revision, active, previous, shadow, canary }: ServingState): ServingView {
  return {
    revision,
    active: active.version,
    previous: previous.map(({ version }) => version),
    shadow: shadow?.version ?? null,
    canary: canary && { version: canary.version, share: canary.share },
  };
}
