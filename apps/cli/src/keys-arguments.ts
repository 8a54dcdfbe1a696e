import { parseArgs } from 'node:util';
import { expirySchema, keyNameSchema, scopesSchema, tenantSchema, type Scope } from '@bonafide/contracts';
import type { z } from 'zod';

export const USAGE = `Makes, lists and ends the keys of the service. Works on the store that the environment names
(DATA_DIR, or S3_BUCKET and S3_ENDPOINT), whether or not the service runs.

  npm run keys -- create --name NAME [--tenant TENANT] [--scopes submit,read] [--expires 90d]
  npm run keys -- list
  npm run keys -- revoke ID

  --name NAME        what the key is for
  --tenant TENANT    whose recordings it opens (default: made from the name; "default" is who uses the
                     service without keys)
  --scopes LIST      of submit, read and admin (default: submit,read)
  --expires WHEN     a duration such as 12h or 90d, or a time such as 2030-01-31T00:00:00Z (default: never)
  --json             answer in JSON

A key is shown once, on standard output. A revoked key stops working within five seconds.
`;

export class UsageError extends Error {}

export type Arguments =
  | { command: 'help' }
  | { command: 'create'; name: string; tenant: string; scopes: Scope[]; expires?: string; isJson: boolean }
  | { command: 'list'; isJson: boolean }
  | { command: 'revoke'; id: string; isJson: boolean };

const OPTIONS = {
  name: { type: 'string' },
  tenant: { type: 'string' },
  scopes: { type: 'string', default: 'submit,read' },
  expires: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [command, id, ...rest] = positionals;
  const { json: isJson, expires } = values;
  if (values.help || command === undefined) return { command: 'help' };
  if (command === 'list' && id === undefined) return { command, isJson };
  if (command === 'revoke' && id !== undefined && rest.length === 0) return { command, id, isJson };
  if (command !== 'create' || id !== undefined)
    throw new UsageError(`not understood: ${positionals.join(' ')}`);
  const name = read('--name', keyNameSchema, values.name);
  const tenant = read('--tenant', tenantSchema, values.tenant ?? slugOf(name));
  const scopes = read('--scopes', scopesSchema, values.scopes.split(','));
  return {
    command,
    name,
    tenant,
    scopes,
    expires: read('--expires', expirySchema.optional(), expires),
    isJson,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function read<S extends z.ZodType>(option: string, schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`${option} ${value === undefined ? 'is needed' : parsed.error.issues[0].message}`);
}

/** Two keys of one name are of one tenant: the second takes over from the first. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}
