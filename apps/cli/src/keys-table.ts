import type { Key } from '@bonafide/contracts';
import { inColumns, minuteOf } from './columns';

const HEADER = ['id', 'prefix', 'name', 'tenant', 'scopes', 'state', 'created', 'last used'];

/** The keys in columns, a line each. */
export function keysTable(keys: readonly Key[], now = Date.now()): string {
  const rows = keys.map((key) => [
    key.id,
    key.prefix,
    key.name,
    key.tenant,
    key.scopes.join(','),
    stateOf(key, now),
    minuteOf(key.created_at),
    key.last_used_at ? minuteOf(key.last_used_at) : 'never',
  ]);
  return inColumns([HEADER, ...rows]);
}

function stateOf({ revoked_at, expires_at }: Key, now: number): string {
  if (revoked_at) return `revoked ${minuteOf(revoked_at)}`;
  if (!expires_at) return 'in force';
  return `${Date.parse(expires_at) > now ? 'until' : 'expired'} ${minuteOf(expires_at)}`;
}
