import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CodedError, type BatchRecord, type ListedItem, type Survey } from '@bonafide/contracts';
import {
  batchMediaKey,
  batchRefOf,
  createOutbound,
  fetchRecording,
  openForeignBucket,
  parseBucketPrefix,
  uploadMediaKey,
} from '@bonafide/platform';
import type { ArchiveEntry } from '../archive/archive-entry';
import type { ByteSource } from '../archive/byte-source';
import { createMeter, metered } from '../archive/limits';
import { readTar } from '../archive/tar-reader';
import { readZip } from '../archive/zip-reader';
import type { WorkerContext } from '../context';
import { nameOf, type Names } from './manifest-file';

/** An entry of a batch, whatever it was handed over as. */
export type BatchEntry = ArchiveEntry & {
  names: Names;
  origin?: { upload_id?: string; source_url?: string };
};

/** The entries of a batch in their lasting order, from the given one on. */
export function readEntries(
  context: WorkerContext,
  record: BatchRecord,
  { survey, from }: { survey: Survey; from: number },
): AsyncIterable<BatchEntry> {
  if (survey.kind === 'list') return readList(context, record, { items: survey.items, from });
  if (survey.kind === 'reanalysis') throw new Error('no entries that could be read');
  if (survey.kind === 'prefix') return readPrefix(context, record, { objects: survey.objects, from });
  return readNamed(readArchive(context, record, from), survey);
}

async function* readNamed(
  entries: AsyncIterable<ArchiveEntry>,
  { names, unread = {} }: Extract<Survey, { kind: 'archive' }>,
): AsyncGenerator<BatchEntry> {
  for await (const entry of entries) {
    const detail = Object.hasOwn(unread, entry.path) ? unread[entry.path] : entry.detail;
    yield { ...entry, detail, names: nameOf(names, entry.path) };
  }
}

export function readArchive(
  { store, config }: WorkerContext,
  record: BatchRecord,
  from: number,
): AsyncIterable<ArchiveEntry> {
  const { source: handed } = record;
  if (handed.kind !== 'archive' && handed.kind !== 'upload') throw new Error(`no archive: ${handed.kind}`);
  const key = batchMediaKey(batchRefOf(record));
  const source: ByteSource = { bytes: handed.bytes, open: (range) => store.stream(key, range) };
  const meter = createMeter(config.batches, handed.bytes);
  if (handed.archive === 'zip') return readZip(source, meter, from);
  return readTar(source, { kind: handed.archive, meter, from });
}

/** Their content is what they state it to be: they were measured when they came, or the server did. Nothing is packed. */
const plain = (path: string, statedBytes: number) => ({
  path,
  rawPath: Buffer.from(path),
  kind: 'file' as const,
  statedBytes,
});

async function* readList(
  context: WorkerContext,
  { tenant }: BatchRecord,
  { items, from }: { items: readonly ListedItem[]; from: number },
): AsyncGenerator<BatchEntry> {
  const { records, store, config } = context;
  const meter = createMeter(config.batches);
  for (const [index, { upload_id, url, filename, custom_id, label }] of items.entries()) {
    meter.entry();
    if (index < from) continue;
    const names = { custom_id, label };
    if (url !== undefined) {
      const content = () => metered(fetched(context, url), meter);
      yield { ...plain(filename ?? lastPart(url), 0), content, names, origin: { source_url: url } };
    } else if (upload_id !== undefined) {
      const ref = { tenant, upload_id };
      const upload = await records.uploads.get(ref);
      const path = filename ?? upload?.filename ?? upload_id;
      const content = () =>
        metered(
          stored(() => store.stream(uploadMediaKey(ref)), 'The upload is not there'),
          meter,
        );
      yield { ...plain(path, upload?.bytes ?? 0), content, names, origin: { upload_id } };
    }
  }
}

async function* readPrefix(
  { config }: WorkerContext,
  { source }: BatchRecord,
  { objects, from }: { objects: readonly { key: string; bytes: number }[]; from: number },
): AsyncGenerator<BatchEntry> {
  const meter = createMeter(config.batches);
  const place = source.kind === 'prefix' ? parseBucketPrefix(source.prefix) : null;
  if (!place) throw new Error('no prefix');
  const bucket = openForeignBucket(config.store, place.bucket);
  const folder = place.prefix.slice(0, place.prefix.lastIndexOf('/') + 1);
  try {
    for (const [index, { key, bytes }] of objects.entries()) {
      meter.entry();
      meter.unpacked(bytes);
      if (index < from) continue;
      const entry = plain(key.slice(folder.length), bytes);
      const kind = key.endsWith('/') ? ('directory' as const) : entry.kind;
      const content = () => stored(() => bucket.open(key), 'The object is not there any more');
      yield { ...entry, kind, content, names: {} };
    }
  } finally {
    bucket.close();
  }
}

async function* stored(open: () => Promise<Readable | null>, absence: string): AsyncGenerator<Buffer> {
  const content = await open();
  if (!content) throw new CodedError('media_gone', absence);
  yield* content as AsyncIterable<Buffer>;
}

/** What is fetched is pushed; entries are read. */
async function* fetched({ config }: WorkerContext, url: string): AsyncGenerator<Buffer> {
  const content = new PassThrough();
  const outbound = createOutbound(config.webhooks.allowHosts);
  const fetching = fetchRecording(outbound, url, {
    maxBytes: config.batches.maxEntryBytes,
    timeoutSec: config.uploads.urlTimeoutSec,
    save: (body) => pipeline(body, content),
  });
  fetching.catch((error: Error) => content.destroy(error));
  try {
    yield* content as AsyncIterable<Buffer>;
    await fetching;
  } finally {
    content.destroy();
  }
}

function lastPart(url: string): string {
  const last = new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? '';
  try {
    return decodeURIComponent(last) || 'recording';
  } catch {
    return last;
  }
}
