import type { AnalysisError, BatchRef, ManifestEntry } from '@bonafide/contracts';
import {
  batchRefOf,
  createBatchBoard,
  entryAnalysisId,
  pageOf,
  refOf,
  type BatchRecords,
  type BatchState,
} from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { readEntries, type BatchEntry } from './entry-source';
import { keepEntry } from './keep-entry';
import { receiveEntry, type Received } from './receive-entry';

const GONE: AnalysisError = { code: 'media_gone', message: 'The recording has been deleted' };

/**
 * Takes in an entry again whose recording is not there. Where that does not work either, the entry has failed in this
 * round without an analysis. What came in an archive is gone with it.
 */
export async function fetchEntryAgain(
  context: WorkerContext,
  batch: BatchState,
  index: number,
): Promise<void> {
  const { record, survey } = batch;
  if (survey?.kind !== 'list' && survey?.kind !== 'prefix') {
    await noteFailure(context, batch, { index, error: GONE });
    return;
  }
  for await (const entry of readEntries(context, record, { survey, from: index })) {
    await takeAgain(context, batch, { index, entry });
    return;
  }
}

async function takeAgain(
  context: WorkerContext,
  batch: BatchState,
  { index, entry }: { index: number; entry: BatchEntry },
): Promise<void> {
  const { record, round } = batch;
  const { config, store } = context;
  const ref = refOf({ tenant: record.tenant, id: entryAnalysisId(record.id, index, round) });
  const received = await receiveEntry(entry, { store, ref, maxBytes: config.batches.maxEntryBytes });
  if (received.state !== 'accepted') {
    await noteFailure(context, batch, { index, error: refusalOf(received) });
    return;
  }
  const { bytes, sha256, held } = received;
  const line = { ...(await noteContent(context, batch, { index, bytes, sha256 })), bytes, sha256 };
  await keepEntry(context, record, { line, held, round, origin: entry.origin });
}

async function noteFailure(
  { redis }: WorkerContext,
  { record, round }: BatchState,
  { index, error }: { index: number; error: AnalysisError },
): Promise<void> {
  const ref = { ...batchRefOf(record), round };
  await createBatchBoard(redis).move(ref, index, { status: 'failed', error });
}

type Content = { index: number; bytes: number; sha256: string };

/** The manifest learns what the entry turned out to hold. @returns its line */
async function noteContent(
  { records: { batches } }: WorkerContext,
  { record }: BatchState,
  { index, ...content }: Content,
): Promise<ManifestEntry> {
  const ref = batchRefOf(record);
  const page = pageOf(index);
  const lines = (await batches.manifest.read(ref, page)) ?? [];
  const before = lines.find((one) => one.index === index);
  if (!before) throw new Error(`no entry ${index}`);
  const line = { ...before, ...content };
  await batches.manifest.write(
    ref,
    page,
    lines.map((one) => (one === before ? line : one)),
  );
  if (before.sha256 !== undefined && before.sha256 !== content.sha256) {
    await partTwins(batches, ref, index);
  }
  return line;
}

/** What was the same as the entry before is not the same as what it holds now: it can be tried again by itself. */
async function partTwins({ manifest }: BatchRecords, ref: BatchRef, index: number): Promise<void> {
  const error: AnalysisError = { code: 'media_gone', message: `It was the same as entry ${index} once held` };
  const part = (line: ManifestEntry): ManifestEntry =>
    line.duplicate_of === index
      ? { ...line, state: 'failed', reason: undefined, duplicate_of: undefined, error }
      : line;
  for (let page = pageOf(index); ; page++) {
    const lines = await manifest.read(ref, page);
    if (!lines) return;
    if (lines.some((line) => line.duplicate_of === index)) await manifest.write(ref, page, lines.map(part));
  }
}

/** What was taken for a recording when it was named and is none now has failed, not been left out. */
function refusalOf(received: Exclude<Received, { state: 'accepted' }>): AnalysisError {
  if (received.state === 'failed') return received.error;
  const { reason, detail } = received.skip;
  const message = detail ?? 'What came this time is not a recording';
  if (reason === 'over_limit') return { code: 'file_too_large', message };
  return { code: reason === 'empty' ? 'empty_file' : 'not_audio', message };
}
