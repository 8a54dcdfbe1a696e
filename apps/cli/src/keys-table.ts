import type { Key } from '@bonafide/contracts';

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
    dateOf(key.created_at),
    key.last_used_at ? dateOf(key.last_used_at) : 'never',
  ]);
  const lines = [HEADER, ...rows];
  const widths = HEADER.map((_title, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function stateOf({ revoked_at, expires_at }: Key, now: number): string {
  if (revoked_at) return `revoked ${dateOf(revoked_at)}`;
  if (!expires_at) return 'in force';
  return `${Date.parse(expires_at) > now ? 'until' : 'expired'} ${dateOf(expires_at)}`;
}

const dateOf = (timestamp: string) => timestamp.slice(0, 16).replace('T', ' ');
