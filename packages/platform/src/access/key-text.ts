import { createHash, randomBytes } from 'node:crypto';

/**
 * A key is `bf_<prefix>_<secret>_<checksum>`: the prefix names its record and may be shown, the secret is 160
 * random bits, and the checksum tells a mistyped key from a wrong one without a look at the store.
 */
export type KeyText = { prefix: string; secret: string };

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const PREFIX_LENGTH = 8;
const SECRET_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const FORM = /^bf_([a-z2-7]{8})_([a-z2-7]{32})_([a-z2-7]{6})$/;

export function mintKeyText(): KeyText {
  return { prefix: randomText(PREFIX_LENGTH), secret: randomText(SECRET_LENGTH) };
}

export function formatKey({ prefix, secret }: KeyText): string {
  const body = `bf_${prefix}_${secret}`;
  return `${body}_${checksumOf(body)}`;
}

/** The parts of a key, or null for a text that cannot be one. */
export function parseKey(text: string): KeyText | null {
  const [, prefix, secret, checksum] = FORM.exec(text) ?? [];
  if (checksum === undefined || checksumOf(`bf_${prefix}_${secret}`) !== checksum) return null;
  return { prefix, secret };
}

/** What is kept of the secret. It is random and long, so a quick hash tells nothing about it. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function checksumOf(body: string): string {
  return base32(createHash('sha256').update(body).digest()).slice(0, CHECKSUM_LENGTH);
}

/** 32 divides 256: every character is equally likely. */
function randomText(length: number): string {
  return base32(randomBytes(length)).slice(0, length);
}

/** One character a byte, from its lowest five bits. */
function base32(bytes: Buffer): string {
  return [...bytes].map((byte) => ALPHABET[byte & 31]).join('');
}
