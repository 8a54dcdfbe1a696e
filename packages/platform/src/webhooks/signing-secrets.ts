import { randomBytes } from 'node:crypto';
import { timestampOf, type SigningSecrets, type TenantSecretsRecord } from '@bonafide/contracts';
import type { Records } from '../records/records';

const SECRET_BYTES = 32;

export function mintSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

export function firstSecrets(): SigningSecrets {
  return [{ secret: mintSecret(), expires_at: null }];
}

/** A new secret in front; the one before it goes on signing for `overlapSec`. */
export function rotateSecrets([current]: SigningSecrets, overlapSec: number): SigningSecrets {
  const expiresAt = timestampOf(Date.now() + overlapSec * 1000);
  return [
    { secret: mintSecret(), expires_at: null },
    { ...current, expires_at: expiresAt },
  ];
}

/** What a delivery sent now is signed with, the newest first. */
export function validSecrets(secrets: SigningSecrets): string[] {
  const now = new Date().toISOString();
  return secrets
    .filter(({ expires_at }) => expires_at === null || expires_at > now)
    .map(({ secret }) => secret);
}

/** What deliveries to the `webhook_url` of a tenant's submissions are signed with; made when first needed. */
export async function tenantSecrets({ webhooks }: Records, tenant: string): Promise<TenantSecretsRecord> {
  const known = await webhooks.tenantSecrets.get({ tenant });
  if (known) return known;
  const made: TenantSecretsRecord = { format: 1, tenant, secrets: firstSecrets() };
  if ((await webhooks.tenantSecrets.create(made)) === 'created') return made;
  return (await webhooks.tenantSecrets.get({ tenant })) ?? made;
}
