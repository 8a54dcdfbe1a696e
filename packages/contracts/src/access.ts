import { z } from 'zod';
import { keyIdSchema, sha256Schema, tenantSchema, timestampSchema } from './identity';
import { durationSchema } from './duration';

/** What a key may do: hand work over, read what became of it, and manage keys. `admin` may do all. */
export const SCOPES = ['submit', 'read', 'admin'] as const;
export const scopeSchema = z.enum(SCOPES);
export const scopesSchema = z.array(scopeSchema).min(1).max(SCOPES.length);

/** Who asks: found from the key, or everybody where there are no keys. */
export const principalSchema = z.object({
  tenant: tenantSchema,
  key_id: keyIdSchema.nullable(),
  scopes: z.array(scopeSchema),
});

export const keyPrefixSchema = z.string().regex(/^[a-z2-7]{8}$/);
export const keyNameSchema = z.string().trim().min(1).max(100);

/** A key as it is kept: what it may do and how to recognise it, never the key itself. */
export const keyRecordSchema = z.object({
  format: z.literal(1),
  id: keyIdSchema,
  prefix: keyPrefixSchema,
  name: keyNameSchema,
  tenant: tenantSchema,
  scopes: scopesSchema,
  secret_sha256: sha256Schema,
  created_at: timestampSchema,
  expires_at: timestampSchema.nullable(),
  revoked_at: timestampSchema.nullable(),
});

/** Beside the key, because it changes with every use and the key does not. */
export const keyUseSchema = z.object({
  format: z.literal(1),
  prefix: keyPrefixSchema,
  last_used_at: timestampSchema,
});

/** A key as people see it. `prefix` is how its text begins. */
export const keySchema = keyRecordSchema
  .omit({ format: true, secret_sha256: true })
  .extend({ last_used_at: timestampSchema.nullable() });
/** The one answer that holds the key itself. */
export const createdKeySchema = keySchema.extend({ key: z.string() });

/** When a key ends: a duration from now, or a day or time. */
export const expirySchema = z.union([durationSchema, z.iso.datetime({ offset: true }), z.iso.date()], {
  error: 'is neither a duration such as 90d nor a time such as 2030-01-31T00:00:00Z',
});

/** Body of `POST /v1/keys`. Without `expires` the key does not expire. */
export const keyCreationSchema = z.strictObject({
  name: keyNameSchema,
  scopes: scopesSchema.default(['submit', 'read']),
  expires: expirySchema.optional(),
});

export type Scope = z.infer<typeof scopeSchema>;
export type Principal = z.infer<typeof principalSchema>;
export type KeyRecord = z.infer<typeof keyRecordSchema>;
export type KeyUse = z.infer<typeof keyUseSchema>;
export type Key = z.infer<typeof keySchema>;
export type CreatedKey = z.infer<typeof createdKeySchema>;

/** Whether who asks may do it. */
export function isAllowed({ scopes }: Pick<Principal, 'scopes'>, wanted: Scope): boolean {
  return scopes.includes(wanted) || scopes.includes('admin');
}
