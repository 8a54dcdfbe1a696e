import {
  CodedError,
  durationSchema,
  durationSec,
  timestampOf,
  type CreatedKey,
  type Key,
  type KeyRecord,
  type Scope,
} from '@bonafide/contracts';
import { v7 as uuidv7 } from 'uuid';
import { KEYS_PREFIX } from '../records/keys';
import type { Records } from '../records/records';
import { formatKey, hashSecret, mintKeyText } from './key-text';

export type KeyWish = { name: string; tenant: string; scopes: Scope[]; expires?: string };

type KeyBookRecords = Pick<Records, 'keys' | 'keyUses'>;

/** Makes a key; its text is in this answer and nowhere else. */
export async function createKey({ keys }: KeyBookRecords, wish: KeyWish): Promise<CreatedKey> {
  const text = mintKeyText();
  const now = new Date();
  const record: KeyRecord = {
    format: 1,
    id: uuidv7(),
    prefix: text.prefix,
    name: wish.name,
    tenant: wish.tenant,
    scopes: [...new Set(wish.scopes)],
    secret_sha256: hashSecret(text.secret),
    created_at: now.toISOString(),
    expires_at: expiryOf(wish.expires, now),
    revoked_at: null,
  };
  if ((await keys.create(record)) === 'exists') throw new Error(`a key ${text.prefix} exists already`);
  return { ...shown(record), last_used_at: null, key: formatKey(text) };
}

/** The keys, oldest first; of one tenant or of all. */
export async function listKeys({ keys, keyUses }: KeyBookRecords, tenant?: string): Promise<Key[]> {
  const found: Key[] = [];
  for await (const { doc } of keys.list(KEYS_PREFIX)) {
    if (tenant !== undefined && doc.tenant !== tenant) continue;
    const use = await keyUses.get({ prefix: doc.prefix });
    found.push({ ...shown(doc), last_used_at: use?.last_used_at ?? null });
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Ends a key, known by its id or its prefix, from now on; one that has ended stays as it is.
 * @returns the key, or null where there is none
 */
export async function revokeKey(
  records: KeyBookRecords,
  idOrPrefix: string,
  tenant?: string,
): Promise<Key | null> {
  const key = (await listKeys(records, tenant)).find(({ id, prefix }) => [id, prefix].includes(idOrPrefix));
  if (!key) return null;
  const record = await records.keys.get({ prefix: key.prefix });
  if (!record || record.revoked_at !== null) return key;
  const revoked = { ...record, revoked_at: new Date().toISOString() };
  await records.keys.put(revoked);
  return { ...key, revoked_at: revoked.revoked_at };
}

function shown({ format: _format, secret_sha256: _hash, ...record }: KeyRecord) {
  return record;
}

function expiryOf(expires: string | undefined, now: Date): string | null {
  if (expires === undefined) return null;
  const isDuration = durationSchema.safeParse(expires).success;
  const at = isDuration ? now.getTime() + durationSec(expires) * 1000 : Date.parse(expires);
  if (at <= now.getTime())
    throw new CodedError('invalid_request', `The key would have ended already: ${expires}`);
  return timestampOf(at);
}
