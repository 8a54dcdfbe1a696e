import { durationSec, type EndpointRef, type RotatedSecret, type TenantSecret } from '@bonafide/contracts';
import { alone, assertConnected, rotateSecrets, tenantEndpointId, tenantSecrets } from '@bonafide/platform';
import type { ApiContext } from './context';
import { rewriteEndpoint } from './webhook-endpoints';

type Context = Pick<ApiContext, 'config' | 'records' | 'redis'>;
export type Rotation = { overlap?: string };

/** A new secret for an endpoint; for a while the old one signs beside it. */
export async function rotateEndpointSecret(
  context: Context,
  ref: EndpointRef,
  rotation: Rotation,
): Promise<RotatedSecret> {
  const { secrets } = await rewriteEndpoint(context, ref, (standing) => ({
    ...standing,
    secrets: rotateSecrets(standing.secrets, overlapSec(context, rotation)),
  }));
  return rotated(secrets);
}

/** With what deliveries to a `webhook_url` are signed, and where they are listed. */
export async function readTenantSecret({ records }: Context, tenant: string): Promise<TenantSecret> {
  const { secrets } = await tenantSecrets(records, tenant);
  return { secret: secrets[0].secret, endpoint_id: tenantEndpointId(tenant) };
}

export async function rotateTenantSecret(
  context: Context,
  tenant: string,
  rotation: Rotation,
): Promise<RotatedSecret> {
  const { records, redis } = context;
  assertConnected(redis);
  return alone(redis, `webhook-secret:${tenant}`, async () => {
    const known = await tenantSecrets(records, tenant);
    const secrets = rotateSecrets(known.secrets, overlapSec(context, rotation));
    await records.webhooks.tenantSecrets.put({ ...known, secrets });
    return rotated(secrets);
  });
}

function overlapSec({ config }: Context, { overlap }: Rotation): number {
  return overlap === undefined ? config.webhooks.rotationSec : durationSec(overlap);
}

function rotated([current, previous]: ReturnType<typeof rotateSecrets>): RotatedSecret {
  return { secret: current.secret, previous_expires_at: previous.expires_at ?? new Date().toISOString() };
}
