import { z } from 'zod';
import { timestampSchema } from './identity';

/** A worker's sign of life, under a key that expires. */
export const heartbeatSchema = z.object({
  worker_id: z.string(),
  host: z.string(),
  pid: z.number().int(),
  model_version: z.string(),
  feature_version: z.string(),
  started_at: timestampSchema,
  /** 99th percentile since the last sign of life. */
  event_loop_lag_sec: z.number().min(0).optional(),
  memory_bytes: z.number().int().optional(),
  /** Why it does not run a bundle that it was told to run. */
  refused: z.string().optional(),
});

const checkSchema = z.object({ ok: z.boolean(), detail: z.string() });

/** Body of `/readyz`: 200 when all checks are ok, else 503. */
export const readinessSchema = z.object({
  status: z.enum(['ready', 'not_ready']),
  checks: z.object({
    redis: checkSchema,
    redis_policy: checkSchema,
    store: checkSchema,
    models: checkSchema,
  }),
  workers: z.number().int(),
  model_versions: z.array(z.string()),
  /** The bundle that is to answer; null where that cannot be found out. */
  active_model_version: z.string().nullable(),
});

export type Heartbeat = z.infer<typeof heartbeatSchema>;
export type Check = z.infer<typeof checkSchema>;
export type Readiness = z.infer<typeof readinessSchema>;
