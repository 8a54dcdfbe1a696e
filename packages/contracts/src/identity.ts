import { z } from 'zod';

/** UUIDv7: ids sort by time of creation. */
export const analysisIdSchema = z.uuidv7();

/** The owner of records. One path segment of a storage key, so nothing that could leave it. */
export const tenantSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);

/** Owner of everything where no keys are configured. */
export const DEFAULT_TENANT = 'default';

export const timestampSchema = z.iso.datetime();
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Names one analysis: enough for a job, an event or a storage key. */
export const analysisRefSchema = z.object({ tenant: tenantSchema, analysis_id: analysisIdSchema });
export type AnalysisRef = z.infer<typeof analysisRefSchema>;
