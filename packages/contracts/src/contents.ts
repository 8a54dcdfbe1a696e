import { z } from 'zod';
import { analysisIdSchema, sha256Schema, tenantSchema } from './identity';
import { ensembleSchema, profileSchema } from './report';

/** Which analysis already has the result for these bytes, by this model, with these options. */
export const contentRecordSchema = z.object({
  format: z.literal(1),
  tenant: tenantSchema,
  sha256: sha256Schema,
  model_version: z.string(),
  /** Of its manifest: two bundles may have the same version. Earlier programs did not note it. */
  model_digest: sha256Schema.optional(),
  ensemble: ensembleSchema,
  profile: profileSchema,
  analysis_id: analysisIdSchema,
});

export type ContentRecord = z.infer<typeof contentRecordSchema>;
