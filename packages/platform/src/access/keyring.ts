import { timingSafeEqual } from 'node:crypto';
import type { KeyRecord, Principal } from '@bonafide/contracts';
import type { Logger } from '../logger';
import { KEYS_PREFIX } from '../records/keys';
import type { Records } from '../records/records';
import { createFreshCache } from './fresh-cache';
import { hashSecret, parseKey } from './key-text';

export type Keyring = {
  /** Whom the key belongs to; null for one that is unknown, revoked or expired. */
  verify(keyText: string): Promise<Principal | null>;
  /** The same for a key that was shown before, known by its prefix. */
  verifyPrefix(prefix: string): Promise<Principal | null>;
  /** Whether the store holds any key, in force or not. */
  hasKeys(): Promise<boolean>;
};

/** How long an answer of the store is believed: a revoked key stops working within this time. */
const FRESH_MS = 5_000;
const NOTE_USE_MS = 60_000;
const MAX_REMEMBERED = 10_000;

type KeyringRecords = Pick<Records, 'keys' | 'keyUses'>;

/** Recognises keys. Every method throws CodedError `unavailable` when the store cannot be asked. */
export function createKeyring(records: KeyringRecords, log: Logger): Keyring {
  const known = createFreshCache((prefix) => records.keys.get({ prefix }), {
    freshMs: FRESH_MS,
    maxEntries: MAX_REMEMBERED,
  });
  const any = createFreshCache(() => isAnyIn(records), { freshMs: FRESH_MS, maxEntries: 1 });
  const noteUse = createUseNotes(records, log);
  const principalOf = (record: KeyRecord | null): Principal | null => {
    if (record === null || !isInForce(record)) return null;
    noteUse(record.prefix);
    return { tenant: record.tenant, key_id: record.id, scopes: record.scopes };
  };
  return {
    verify: async (keyText) => {
      const parts = parseKey(keyText);
      if (!parts) return null;
      const record = await known.get(parts.prefix);
      return principalOf(record && isSecretOf(record, parts.secret) ? record : null);
    },
    verifyPrefix: async (prefix) => principalOf(await known.get(prefix)),
    hasKeys: () => any.get(''),
  };
}

export function isInForce({ revoked_at, expires_at }: KeyRecord): boolean {
  return revoked_at === null && (expires_at === null || Date.parse(expires_at) > Date.now());
}

/** Whether a store holds any key. */
export async function isAnyIn({ keys }: Pick<KeyringRecords, 'keys'>): Promise<boolean> {
  for await (const _key of keys.list(KEYS_PREFIX)) return true;
  return false;
}

function isSecretOf({ secret_sha256 }: KeyRecord, secret: string): boolean {
  return timingSafeEqual(Buffer.from(secret_sha256, 'hex'), Buffer.from(hashSecret(secret), 'hex'));
}

/** Remembers when a key was last used, at most once a minute and without holding the request up. */
function createUseNotes({ keyUses }: KeyringRecords, log: Logger): (prefix: string) => void {
  const notedAtMs = new Map<string, number>();
  return (prefix) => {
    const nowMs = Date.now();
    if (nowMs - (notedAtMs.get(prefix) ?? 0) < NOTE_USE_MS) return;
    notedAtMs.set(prefix, nowMs);
    keyUses.put({ format: 1, prefix, last_used_at: new Date(nowMs).toISOString() }).catch((error: Error) => {
      log.debug({ err: error }, 'the use of a key could not be noted');
    });
  };
}
