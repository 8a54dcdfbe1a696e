import type { Readable } from 'node:stream';

export type ObjectInfo = { key: string; bytes: number; modifiedAt: Date };
/** Both ends inclusive, as in HTTP. */
export type ByteRange = { start: number; end: number };
/** What a link lets in: so many bytes of this SHA-256 (hexadecimal), for so long. */
export type PutSpec = { bytes: number; sha256: string; expiresInSec: number };
/** A PUT that anybody can make who has it: the URL, and the headers that belong to it. */
export type SignedPut = { url: string; headers: Record<string, string> };

/**
 * Where everything acknowledged is kept. Writes are atomic: a key has the whole new content or what it had
 * before. What was written is there for the next reader. All but `unavailable` and `storage_full`
 * (CodedError) are faults of this program.
 */
export type ObjectStore = {
  /** Stores or replaces. When the stream fails nothing is stored. */
  put(key: string, body: Uint8Array | Readable): Promise<void>;
  /** Stores only where nothing is: of several at once exactly one hears `created`. */
  create(key: string, body: Uint8Array): Promise<'created' | 'exists'>;
  /** The whole content, or null where there is none. For documents, not for media. */
  read(key: string): Promise<Buffer | null>;
  /** The content, or a part of it, as a stream; null where there is none. */
  stream(key: string, range?: ByteRange): Promise<Readable | null>;
  /** Copies the content into a new local file; false where there is none. */
  fetch(key: string, path: string, signal?: AbortSignal): Promise<boolean>;
  head(key: string): Promise<ObjectInfo | null>;
  /** Copies within the store, replacing what was there; false where there is nothing to copy. */
  copy(from: string, to: string): Promise<boolean>;
  /** A link by which the sender stores without passing through us; null where the store gives none. */
  signPut(key: string, spec: PutSpec): Promise<SignedPut | null>;
  /** Removes what writes left that broke off before this time. @returns how many there were */
  removePartials(before: Date): Promise<number>;
  /** Removes; nothing happens where nothing is. */
  remove(key: string): Promise<void>;
  /**
   * Everything whose key begins with the prefix and comes behind `after`. Keys of one folder come in the order
   * of their bytes; servers differ in how folders stand among them, so `after` is of the prefix's own folder.
   */
  list(prefix: string, after?: string): AsyncIterable<ObjectInfo>;
  close(): void;
};

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** Keys are made by this program only; the check keeps a mistake from becoming a path outside the store. */
export function assertKey(key: string): void {
  if (key.length > 512 || !key.split('/').every((segment) => SEGMENT.test(segment))) {
    throw new Error(`not a storage key: ${JSON.stringify(key)}`);
  }
}
