import { CodedError, type BatchRecord, type Survey } from '@bonafide/contracts';
import { batchRefOf, openForeignBucket, parseBucketPrefix } from '@bonafide/platform';
import type { ArchiveEntry } from '../archive/archive-entry';
import type { WorkerContext } from '../context';
import { readArchive } from './entry-source';
import { findAnalyses } from './find-analyses';
import { isManifest, MAX_MANIFEST_BYTES, parseManifest, type Manifest } from './manifest-file';

/** What there is to take in, found out once and then kept. */
export async function surveyBatch(context: WorkerContext, record: BatchRecord): Promise<Survey> {
  const { batches } = context.records;
  const ref = batchRefOf(record);
  const known = await batches.surveys.get(ref);
  if (known) return known;
  const base = { format: 1, id: record.id, tenant: record.tenant } as const;
  const survey = { ...base, ...(await find(context, record)) } as Survey;
  await batches.surveys.create(survey);
  return (await batches.surveys.get(ref)) ?? survey;
}

async function find(context: WorkerContext, record: BatchRecord) {
  const { source } = record;
  if (source.kind === 'prefix') {
    return { kind: 'prefix', objects: await listObjects(context, source.prefix) } as const;
  }
  if (source.kind === 'reanalysis') {
    return { kind: 'reanalysis', analyses: await findAnalyses(context, record, source.filter) } as const;
  }
  return { kind: 'archive', ...(await lookThrough(context, record)) } as const;
}

async function listObjects({ config }: WorkerContext, text: string) {
  const place = parseBucketPrefix(text);
  if (!place) throw new Error('no prefix');
  const bucket = openForeignBucket(config.store, place.bucket);
  const objects: { key: string; bytes: number }[] = [];
  try {
    for await (const object of bucket.list(place.prefix)) {
      objects.push(object);
      if (objects.length > config.batches.maxEntries) break;
    }
    return objects;
  } finally {
    bucket.close();
  }
}

/**
 * Counts the entries and reads the manifest among them, wherever it stands. What is wrong with the archive is found
 * again when its entries are taken in, and told then.
 */
async function lookThrough(context: WorkerContext, record: BatchRecord) {
  let entries = 0;
  let names: Manifest['names'] = {};
  let unread: Record<string, string> | undefined;
  try {
    for await (const entry of readArchive(context, record, 0)) {
      entries++;
      const isFirst = Object.keys(names).length === 0;
      if (!isFirst || entry.kind !== 'file' || !isManifest(entry.path)) continue;
      const manifest = await readManifest(entry);
      names = manifest.names;
      if (manifest.fault !== undefined) unread = { ...unread, [entry.path]: manifest.fault };
    }
  } catch (error) {
    if (!(error instanceof CodedError) || error.retryable) throw error;
  }
  return { entries, names, unread };
}

async function readManifest(entry: ArchiveEntry): Promise<Manifest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of entry.content()) {
    bytes += chunk.length;
    if (bytes > MAX_MANIFEST_BYTES) return { names: {}, fault: `has more than ${MAX_MANIFEST_BYTES} bytes` };
    chunks.push(chunk);
  }
  return parseManifest(entry.path, Buffer.concat(chunks));
}
