import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ObjectStore } from '@bonafide/platform';
import type { z } from 'zod';

/** What a token may be used for; one made for one purpose is worth nothing for another. */
export type TokenPurpose = 'session' | 'share' | 'upload';

const SECRET_KEY = 'secrets/signing';
const SECRET_BYTES = 32;
const secrets = new WeakMap<ObjectStore, Promise<Buffer>>();

/** Claims that anybody may read and only this service can have written. Signed by HMAC-SHA256 (RFC 2104). */
export async function sealToken(store: ObjectStore, purpose: TokenPurpose, claims: object): Promise<string> {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${signature(await secretOf(store), purpose, body)}`;
}

/** The claims, or null where the token is not ours, of another purpose, or not of this shape. */
export async function openToken<S extends z.ZodType>(
  store: ObjectStore,
  purpose: TokenPurpose,
  { token, schema }: { token: string; schema: S },
): Promise<z.infer<S> | null> {
  const [body, given, ...rest] = token.split('.');
  if (!body || !given || rest.length > 0) return null;
  const right = Buffer.from(signature(await secretOf(store), purpose, body));
  const offered = Buffer.from(given);
  if (right.length !== offered.length || !timingSafeEqual(right, offered)) return null;
  const parsed = schema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
  return parsed.success ? parsed.data : null;
}

const signature = (secret: Buffer, purpose: TokenPurpose, body: string) =>
  createHmac('sha256', secret).update(`${purpose}.${body}`).digest('base64url');

/** One secret a store, made by whichever process needs it first, so that every API knows every token. */
async function secretOf(store: ObjectStore): Promise<Buffer> {
  const known = secrets.get(store);
  if (known) return known;
  const asked = readSecret(store);
  secrets.set(store, asked);
  asked.catch(() => secrets.delete(store));
  return asked;
}

async function readSecret(store: ObjectStore): Promise<Buffer> {
  const present = await store.read(SECRET_KEY);
  if (present) return present;
  await store.create(SECRET_KEY, randomBytes(SECRET_BYTES));
  const made = await store.read(SECRET_KEY);
  if (!made) throw new Error('the signing secret was stored and is not there');
  return made;
}
