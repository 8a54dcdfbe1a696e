import {
  ARCHIVE_OPENING_BYTES,
  archiveKindOf,
  batchCreationSchema,
  batchOptionsSchema,
  CodedError,
  type ArchiveKind,
  type BatchCreation,
  type BatchOptions,
  type BatchRecord,
  type BatchRef,
  type BatchSource,
  type ListedItem,
  type Reanalysis,
} from '@bonafide/contracts';
import {
  assertConnected,
  batchMediaKey,
  createBatchBoard,
  expandJobId,
  findZip,
  inParallel,
  isAllowedPrefix,
  parseBucketPrefix,
  readServing,
  uploadMediaKey,
  ZIP_TAIL_BYTES,
} from '@bonafide/platform';
import type { Request } from 'express';
import { v7 as uuidv7 } from 'uuid';
import type { ApiContext } from './context';
import { readBody, readValid } from './json-body';
import { assertCallable } from './outbound';
import { goodBundle, modelSources } from './models';
import { madeBefore, otherRequest } from './planned';
import type { LocalResponse } from './requests';
import { receiveUpload } from './upload';
import { findUpload } from './uploads';

export const ARCHIVE_FIELDS = ['file', 'archive'] as const;

type Handed = { filename: string; source: BatchSource; options: BatchOptions; items?: ListedItem[] };

/**
 * Takes a batch in: what was handed over, then its record, then the job. When this returns it is in the store and
 * in the queue; when it throws, nothing of it remains. One that a process before this one took in for the same
 * request is seen to once more.
 */
export async function createBatch(
  context: ApiContext,
  request: Request,
  response: LocalResponse,
): Promise<BatchRecord> {
  const { records, redis } = context;
  const { tenant, requestId, planned } = response.locals;
  const find = (batch_id: string) => records.batches.get({ tenant, batch_id });
  const before = await madeBefore(context, { request, response }, find);
  if (before) return enqueue(context, before);
  assertConnected(redis);
  const ref: BatchRef = { tenant, batch_id: planned?.plannedId ?? uuidv7() };
  let isOurs = false;
  const begin = () => (isOurs = true);
  try {
    const { items, filename, source, options } = await receive(context, request, { ref, begin });
    begin();
    const base = { format: 1, id: ref.batch_id, tenant } as const;
    const made = {
      created_at: new Date().toISOString(),
      request_id: requestId,
      fingerprint: planned?.fingerprint(),
    };
    const record: BatchRecord = { ...base, ...made, filename, source, ...options };
    // As long as there is no record of this id, what else is there is of a process that broke off.
    if (items) await records.batches.surveys.put({ ...base, kind: 'list', items });
    isOurs = (await records.batches.create(record)) === 'created';
    const standing = isOurs ? record : await find(ref.batch_id);
    if (!standing || standing.fingerprint !== record.fingerprint) throw otherRequest();
    if (isOurs) await createBatchBoard(redis).setWhole({ ...ref, round: 0 });
    return await enqueue(context, standing);
  } catch (error) {
    if (isOurs && planned?.isHeld() !== false) await discard(context, ref);
    throw error;
  }
}

/** Its place in the lists and the job. Done again it changes nothing. */
async function enqueue({ records, queues, log }: ApiContext, record: BatchRecord): Promise<BatchRecord> {
  const { tenant, id: batch_id, request_id, source } = record;
  const ref: BatchRef = { tenant, batch_id };
  const { lists } = records.batches;
  await Promise.all([lists.add(ref), lists.open(ref)]);
  await queues.add('batch.expand', expandJobId(ref, 0), { ...ref, request_id });
  log.info({ ...ref, request_id, source: source.kind }, 'batch taken in');
  return record;
}

/** Takes back what was never acknowledged; as long as its record is there, it is whole. */
async function discard({ records: { batches }, store, log }: ApiContext, ref: BatchRef): Promise<void> {
  const { lists, surveys } = batches;
  try {
    await batches.remove(ref);
    const traces = [
      store.remove(batchMediaKey(ref)),
      surveys.remove(ref),
      lists.close(ref),
      lists.remove(ref),
    ];
    await Promise.all(traces);
  } catch (fault) {
    log.warn({ err: fault, ...ref }, 'a refused batch could not be removed');
  }
}

function receive(context: ApiContext, request: Request, target: Target): Promise<Handed> {
  return request.is('multipart/form-data')
    ? receiveArchive(context, request, target)
    : receiveNamed(context, readBody(request, batchCreationSchema), target);
}

type Target = { ref: BatchRef; begin: () => void };

async function receiveArchive(
  context: ApiContext,
  request: Request,
  { ref, begin }: Target,
): Promise<Handed> {
  const { store, config } = context;
  const { texts, filename, bytes, sha256 } = await receiveUpload(request, {
    fields: ARCHIVE_FIELDS,
    maxBytes: config.batches.maxArchiveBytes,
    save: (content) => {
      begin();
      return store.put(batchMediaKey(ref), content);
    },
  });
  const present = Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''));
  const options = readValid(batchOptionsSchema, present);
  const archive = await readKind(context, ref);
  return { filename, source: { kind: 'archive', archive, bytes, sha256 }, options };
}

async function receiveNamed(context: ApiContext, wish: BatchCreation, target: Target): Promise<Handed> {
  const { ref } = target;
  const { upload_id, prefix, items, reanalyse, ...options } = wish;
  if (reanalyse) return { ...(await planReanalysis(context, reanalyse)), options };
  if (upload_id !== undefined) return { ...(await takeUpload(context, upload_id, target)), options };
  if (prefix !== undefined) {
    const place = parseBucketPrefix(prefix);
    if (!place || !isAllowedPrefix(place, context.config.batches.s3Prefixes)) {
      throw new CodedError('forbidden', 'The prefix is not one that the operator has opened');
    }
    return { filename: prefix, source: { kind: 'prefix', prefix }, options };
  }
  const { maxEntries } = context.config.batches;
  if (items && items.length > maxEntries) {
    throw new CodedError('archive_over_limit', `The list holds more than ${maxEntries} entries`);
  }
  for (const [index, { url }] of (items ?? []).entries()) {
    if (url !== undefined) assertCallable(context, `items.${index}.url`, url);
  }
  await assertUploads(context, ref.tenant, items ?? []);
  const entries = items?.length ?? 0;
  return { filename: `${entries} recordings`, source: { kind: 'list', entries }, options, items };
}

/** One bundle for all of it, whatever is activated meanwhile; one that would be refused each time is refused here. */
async function planReanalysis(context: ApiContext, { filter, model_version }: Reanalysis) {
  const sources = modelSources(context);
  const { active } = await readServing(sources);
  const isActive = model_version === undefined || model_version === active.version;
  const { version } = isActive ? active : await goodBundle(sources, model_version);
  const source = { kind: 'reanalysis', filter, model_version: version } as const;
  return { filename: `scored again by ${version}`, source };
}

/** The batch gets a copy of its own: the upload may expire before its turn has come. */
async function takeUpload(context: ApiContext, upload_id: string, { ref, begin }: Target) {
  const { store, config } = context;
  const upload = await findUpload(context, { tenant: ref.tenant, upload_id });
  const { bytes, sha256, filename } = upload;
  if (bytes > config.batches.maxArchiveBytes) {
    throw new CodedError('file_too_large', `The file has more than ${config.batches.maxArchiveBytes} bytes`);
  }
  begin();
  if (!(await store.copy(uploadMediaKey({ tenant: ref.tenant, upload_id }), batchMediaKey(ref)))) {
    throw new CodedError('conflict', 'The bytes of this upload have not come yet');
  }
  if ((await store.head(batchMediaKey(ref)))?.bytes !== bytes) {
    throw new CodedError('unprocessable', 'What was uploaded is not what the upload was announced as');
  }
  const archive = await readKind(context, ref);
  return { filename, source: { kind: 'upload', archive, bytes, sha256, upload_id } as const };
}

/**
 * What cannot be an archive is refused at once and not by the worker. Most archives show it by how they open; zips
 * that unpack themselves only by how they end.
 */
async function readKind({ store }: ApiContext, ref: BatchRef): Promise<ArchiveKind> {
  const bytes = (await store.head(batchMediaKey(ref)))?.bytes ?? 0;
  const read = async (start: number, end: number) => {
    const part = start < end ? await store.stream(batchMediaKey(ref), { start, end: end - 1 }) : null;
    const chunks: Buffer[] = [];
    for await (const chunk of part ?? []) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const kind = archiveKindOf(await read(0, Math.min(ARCHIVE_OPENING_BYTES, bytes)));
  if (kind) return kind;
  if (findZip(await read(Math.max(0, bytes - ZIP_TAIL_BYTES), bytes), bytes)) return 'zip';
  throw new CodedError('not_an_archive', 'The file is no zip, tar, tar.gz or tar.zst');
}

const LOOK_UPS_AT_A_TIME = 16;

/** Each one that is named is there; one that is named often is looked up once. */
async function assertUploads(
  context: ApiContext,
  tenant: string,
  items: readonly ListedItem[],
): Promise<void> {
  const ids = [...new Set(items.flatMap(({ upload_id }) => upload_id ?? []))];
  await inParallel(LOOK_UPS_AT_A_TIME, ids, (upload_id) => findUpload(context, { tenant, upload_id }));
}
