import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ARCHIVE_OPENING_BYTES, CodedError, type AnalysisError, type AnalysisRef } from '@bonafide/contracts';
import { mediaKey, type ObjectStore } from '@bonafide/platform';
import { EntryTooLarge, type Skip } from '../archive/archive-entry';
import { skipByContent, skipByName } from '../archive/classify';
import type { BatchEntry } from './entry-source';
import { isManifest } from './manifest-file';

/** Up to this an entry is held in memory: most recordings are smaller, and one request stores them. */
const HELD_BYTES = 1024 ** 2;
const OF_THE_ENTRY = new Set(['archive_damaged', 'fetch_failed', 'file_too_large', 'media_gone']);

export type Received =
  | { state: 'accepted'; bytes: number; sha256: string; held: Buffer | null }
  | { state: 'skipped'; skip: Skip }
  | { state: 'failed'; error: AnalysisError };

type Destination = { store: ObjectStore; ref: AnalysisRef; maxBytes: number };

/**
 * Reads an entry as far as needed to know what to do with it, and to its end where it is to be analysed: a large
 * one goes into the store as it is read, a small one is handed back to be stored beside others.
 */
export async function receiveEntry(entry: BatchEntry, to: Destination): Promise<Received> {
  if (isManifest(entry.path) && entry.kind === 'file')
    return { state: 'skipped', skip: { reason: 'manifest', detail: entry.detail } };
  const skip = skipByName(entry);
  if (skip) return { state: 'skipped', skip };
  try {
    if (entry.statedBytes > to.maxBytes) throw new EntryTooLarge(`states more than ${to.maxBytes} bytes`);
    return await readContent(entry, to);
  } catch (error) {
    if (error instanceof EntryTooLarge) {
      return { state: 'skipped', skip: { reason: 'over_limit', detail: `The entry ${error.message}` } };
    }
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'empty_file') return { state: 'skipped', skip: { reason: 'empty' } };
    if (!OF_THE_ENTRY.has(error.code)) throw error;
    return { state: 'failed', error: { code: error.code, message: error.message } };
  }
}

async function readContent(entry: BatchEntry, to: Destination): Promise<Received> {
  const content = entry.content()[Symbol.asyncIterator]();
  try {
    const opening = await readUpTo(content, ARCHIVE_OPENING_BYTES);
    const skip = skipByContent(entry.path, Buffer.concat(opening.chunks));
    if (skip) return { state: 'skipped', skip };
    const start = await readUpTo(content, HELD_BYTES, opening);
    if (!start.isWhole) return await storeLarge(start.chunks, content, to);
    const held = Buffer.concat(start.chunks);
    if (held.length > to.maxBytes) throw new EntryTooLarge(`has more than ${to.maxBytes} bytes`);
    return {
      state: 'accepted',
      bytes: held.length,
      sha256: createHash('sha256').update(held).digest('hex'),
      held,
    };
  } finally {
    await content.return?.();
  }
}

type Beginning = { chunks: Buffer[]; bytes: number; isWhole: boolean };

async function readUpTo(
  content: AsyncIterator<Buffer>,
  wantedBytes: number,
  begun: Beginning = { chunks: [], bytes: 0, isWhole: false },
): Promise<Beginning> {
  const { chunks } = begun;
  let { bytes, isWhole } = begun;
  while (!isWhole && bytes < wantedBytes) {
    const next: IteratorResult<Buffer> = await content.next();
    if (next.done) isWhole = true;
    else {
      chunks.push(next.value);
      bytes += next.value.length;
    }
  }
  return { chunks, bytes, isWhole };
}

/** What the store says of a source that failed is not what was wrong with the source: that is told. */
async function storeLarge(start: Buffer[], rest: AsyncIterator<Buffer>, to: Destination): Promise<Received> {
  const hash = createHash('sha256');
  let bytes = 0;
  let fault: unknown;
  async function* all(): AsyncGenerator<Buffer> {
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes > to.maxBytes) throw new EntryTooLarge(`has more than ${to.maxBytes} bytes`);
      return chunk;
    };
    try {
      for (const chunk of start) yield count(chunk);
      for (let next = await rest.next(); !next.done; next = await rest.next()) yield count(next.value);
    } catch (error) {
      fault = error;
      throw error;
    }
  }
  await to.store.put(mediaKey(to.ref), Readable.from(all())).catch((error: unknown) => {
    throw fault ?? error;
  });
  return { state: 'accepted', bytes, sha256: hash.digest('hex'), held: null };
}
