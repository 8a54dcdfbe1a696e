import { pipeline, Readable } from 'node:stream';
import { type ArchiveKind } from '@bonafide/contracts';
import { extract, type Header } from 'tar-stream';
import type { ArchiveEntry, EntryKind } from './archive-entry';
import { readRange, type ByteSource } from './byte-source';
import { asDamage } from './damage';
import { metered, type Meter } from './limits';
import { gunzip } from './gunzip';
import { decodeTarPath, tidyPath } from './path-text';
import { withoutSparseMaps } from './sparse-maps';
import { unzstd } from './unzstd';

const KINDS: Readonly<Record<string, EntryKind>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  link: 'link',
  symlink: 'link',
};

/** Entries of a tar as they pass by; what is not read of one is read over. */
export async function* readTar(
  source: ByteSource,
  { kind: archive, meter, from }: { kind: Exclude<ArchiveKind, 'zip'>; meter: Meter; from: number },
): AsyncGenerator<ArchiveEntry> {
  // Latin 1 keeps the bytes of a path as they are.
  const options = { filenameEncoding: 'latin1', allowUnknownFormat: true };
  const tar = extract(options as Parameters<typeof extract>[0]);
  const sparse = new Set<number>();
  let fault: unknown;
  const unpacked = metered(unpack(source, archive), meter);
  const content = withoutSparseMaps(
    untilFault(unpacked, (told) => (fault = told)),
    sparse,
  );
  pipeline(Readable.from(content), tar, () => undefined);
  /** What breaks off shows as an end that was not to be expected; what it was is told. */
  const read: Read = (reading) =>
    asDamage(
      reading.catch((error: unknown) => {
        throw fault ?? error;
      }),
    );
  const entries = tar[Symbol.asyncIterator]();
  let index = 0;
  try {
    for (;;) {
      const next = (await read(entries.next())) as IteratorResult<TarEntry>;
      if (next.done) break;
      const entry = next.value;
      meter.entry();
      let isRead = false;
      const isSparse = sparse.delete(entry.header.byteOffset) || isSparseInPax(entry.header);
      const kind = isSparse ? 'sparse' : (KINDS[entry.header.type ?? ''] ?? 'special');
      if (index++ >= from) {
        const open = () => {
          isRead = true;
          return asBuffers(entry, read);
        };
        yield present(entry, kind, open);
      }
      if (isRead) continue;
      // What a plain tar states and does not have is damage: that shows at its end, which is near.
      if (archive !== 'tar') meter.willReach(entry.header.byteOffset + (entry.header.size ?? 0));
      entry.resume();
    }
    if (fault) await asDamage(Promise.reject(fault as Error));
  } finally {
    tar.destroy();
  }
}

function unpack(source: ByteSource, kind: Exclude<ArchiveKind, 'zip'>): AsyncIterable<Buffer> {
  const packed = readRange(source, 0, source.bytes);
  if (kind === 'tar') return packed;
  if (kind === 'tar.zst') return unzstd(packed);
  return gunzip(packed);
}

/** Ends where it breaks off, so that what stands before that passes through all streams behind it. */
async function* untilFault(
  content: AsyncIterable<Buffer>,
  note: (fault: unknown) => void,
): AsyncGenerator<Buffer> {
  try {
    yield* content;
  } catch (fault) {
    note(fault);
  }
}

type Read = <T>(reading: Promise<IteratorResult<T>>) => Promise<IteratorResult<T>>;
type TarEntry = AsyncIterable<unknown> & { header: Header & { byteOffset: number }; resume(): void };

function present({ header }: TarEntry, kind: EntryKind, content: () => AsyncGenerator<Buffer>): ArchiveEntry {
  const pax = paxOf(header);
  const stated = pax['GNU.sparse.name'] ?? pax.path;
  const rawPath = stated === undefined ? Buffer.from(header.name, 'latin1') : Buffer.from(stated, 'utf8');
  return {
    path: tidyPath(decodeTarPath(rawPath)),
    rawPath,
    kind,
    statedBytes: header.size ?? 0,
    content,
  };
}

function paxOf({ pax }: Header): Record<string, string | undefined> {
  return (pax ?? {}) as Record<string, string | undefined>;
}

/** A file with holes is stored without them: its bytes are not what they were. */
function isSparseInPax(header: Header): boolean {
  return Object.keys(paxOf(header)).some((name) => name.startsWith('GNU.sparse.'));
}

/** What is left unread is read over: closing an entry of tar-stream would close the whole archive. */
async function* asBuffers(entry: TarEntry, read: Read): AsyncGenerator<Buffer> {
  const chunks = entry[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = await read(chunks.next()).catch((error: unknown) => {
        isOver = true;
        throw error;
      });
      isOver = next.done === true;
      if (isOver) return;
      yield Buffer.from(next.value as Uint8Array);
    }
  } finally {
    while (!isOver) isOver = (await read(chunks.next())).done === true;
  }
}
