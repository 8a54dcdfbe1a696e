import { z } from 'zod';

/**
 * UUIDv7: ids sort by time of creation. Each kind has its own name, so that a schema says what it
 * names. Capitals mean the same as small letters.
 */
export const analysisIdSchema = z.uuidv7().toLowerCase();
export const batchIdSchema = z.uuidv7().toLowerCase();
export const uploadIdSchema = z.uuidv7().toLowerCase();
export const feedbackIdSchema = z.uuidv7();
export const shareIdSchema = z.uuidv7().toLowerCase();
export const keyIdSchema = z.uuidv7();
/** Of a registered endpoint a UUIDv7; one derived from the tenant stands for what its submissions name. */
export const endpointIdSchema = z.uuid();
/** Follows from what is announced, to whom and when it happened: announced twice it is the same delivery. */
export const deliveryIdSchema = z.uuid();

/** The owner of records. One path segment of a storage key, so nothing that could leave it. */
export const tenantSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/);

/** Owner of everything where no keys are configured. */
export const DEFAULT_TENANT = 'default';

export const timestampSchema = z.iso.datetime();
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Names one analysis: enough for a job, an event or a storage key. */
export const analysisRefSchema = z.object({ tenant: tenantSchema, analysis_id: analysisIdSchema });
export const batchRefSchema = z.object({ tenant: tenantSchema, batch_id: batchIdSchema });
export const uploadRefSchema = z.object({ tenant: tenantSchema, upload_id: uploadIdSchema });
export const endpointRefSchema = z.object({ tenant: tenantSchema, endpoint_id: endpointIdSchema });
export const shareRefSchema = analysisRefSchema.extend({ share_id: shareIdSchema });
export const deliveryRefSchema = endpointRefSchema.extend({ delivery_id: deliveryIdSchema });

export type AnalysisRef = z.infer<typeof analysisRefSchema>;
export type BatchRef = z.infer<typeof batchRefSchema>;
export type UploadRef = z.infer<typeof uploadRefSchema>;
export type EndpointRef = z.infer<typeof endpointRefSchema>;
export type ShareRef = z.infer<typeof shareRefSchema>;
export type DeliveryRef = z.infer<typeof deliveryRefSchema>;
