import { z } from 'zod';
import { principalSchema } from './access';

/** Body of `POST /session`. */
export const sessionRequestSchema = z.object({ key: z.string().min(1).max(200) });

/**
 * Body of `GET /session`: whether a key is needed here, and who the browser already is. `ended`: it had signed in
 * with a key that has expired or was revoked.
 */
export const sessionSchema = z.object({
  authentication: z.enum(['keyless', 'needed', 'signed_in', 'ended']),
  principal: principalSchema.nullable(),
});

export type Session = z.infer<typeof sessionSchema>;
