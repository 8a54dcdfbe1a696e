import {
  CodedError,
  type AnalysisError,
  type BatchRef,
  type BatchRecord,
  type Expansion,
  type ManifestEntry,
} from '@bonafide/contracts';
import {
  askToFinish,
  batchRefOf,
  cancelEntries,
  createBatchBoard,
  entryAnalysisId,
  finishBatch,
  KEPT_AT_A_TIME,
  leaveOutUnlisted,
  mediaKey,
  readBatchState,
  recount,
  refOf,
  type BatchState,
} from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { readEntries, type BatchEntry } from './entry-source';
import { keepEntry } from './keep-entry';
import { openLedger, type Ledger } from './ledger';
import { createPace } from './pace';
import { receiveEntry, type Received } from './receive-entry';
import { releaseUploads } from './release-uploads';
import { retryEntries } from './retry-entries';
import { surveyBatch } from './survey-batch';
import { takeAnalyses } from './take-analyses';

/** Longer ones are left out anyway. */
const MAX_PATH_CHARACTERS = 4_096;

/** A batch from what was handed over to one analysis an entry. Cut off anywhere, it goes on when called again. */
export async function expandBatch(context: WorkerContext, ref: BatchRef, signal: AbortSignal): Promise<void> {
  const batch = await readBatchState(context.records.batches, ref);
  if (!batch || batch.end) return;
  if (batch.round > 0) await retryEntries(context, batch, signal);
  else if (!batch.expansion) await takeIn(context, batch, signal);
  const now = await readBatchState(context.records.batches, ref);
  if (!now) return;
  const { isCanceled } = await createBatchBoard(context.redis).read({ ...ref, round: now.round });
  if (isCanceled) await cancelEntries(context, now);
  await finishBatch(context, now);
}

async function takeIn(context: WorkerContext, batch: BatchState, signal: AbortSignal): Promise<void> {
  const { record } = batch;
  const ref = batchRefOf(record);
  const board = createBatchBoard(context.redis);
  await board.begin({ ...ref, round: 0 });
  const survey = await surveyBatch(context, record);
  if (!(await board.read({ ...ref, round: 0 })).isWhole) await recount(context, batch);
  const ledger = await openLedger({ batches: context.records.batches, board }, ref);
  let error: AnalysisError | undefined;
  try {
    if (survey.kind === 'reanalysis') {
      await takeAnalyses(context, record, { analyses: survey.analyses, ledger, signal });
    } else {
      const entries = readEntries(context, record, { survey, from: ledger.next() });
      await takeEntries(context, record, { entries, ledger, signal });
    }
  } catch (fault) {
    if (!isOfTheArchive(fault)) throw fault;
    error = { code: fault.code, message: fault.message };
  }
  await ledger.close();
  await closeManifest(context, record, { ledger, error });
}

/** What is wrong with what was handed over; everything else is a fault of ours, to be tried again. */
function isOfTheArchive(fault: unknown): fault is CodedError {
  return fault instanceof CodedError && !fault.retryable;
}

type Taking = { entries: AsyncIterable<BatchEntry>; ledger: Ledger; signal: AbortSignal };

/** Reads one entry after the other; storing and queueing them runs beside, noted in the order of the archive. */
async function takeEntries(context: WorkerContext, record: BatchRecord, taking: Taking): Promise<void> {
  const { entries, ledger, signal } = taking;
  const pace = createPace(context, batchRefOf(record), signal);
  const under: Promise<ManifestEntry>[] = [];
  const noteFirst = async () => {
    const line = await under.shift();
    if (line) await ledger.add(line);
  };
  const noteAll = async () => {
    while (under.length > 0) await noteFirst();
  };
  const beforeWaiting = () => noteAll().then(() => ledger.flush());
  let index = ledger.next();
  let accepted = ledger.totals().accepted;
  try {
    for await (const entry of entries) {
      if ((await pace.keep(accepted, beforeWaiting)) === 'canceled') break;
      const taken = await takeEntry(context, record, { entry, index, ledger });
      if (taken.line.state === 'accepted') accepted++;
      under.push(taken.kept.then(() => taken.line));
      under.at(-1)?.catch(() => undefined);
      index++;
      if (under.length >= KEPT_AT_A_TIME) await noteFirst();
    }
  } catch (fault) {
    // What stands before the damage counts. Behind an entry that could not be kept nothing is noted: the next run
    // goes on by the number of lines, and would leave that entry out and take the one behind it in twice.
    if (isOfTheArchive(fault)) await noteAll();
    else await Promise.allSettled(under);
    throw fault;
  }
  await noteAll();
}

type Place = { entry: BatchEntry; index: number; ledger: Ledger };

async function takeEntry(context: WorkerContext, record: BatchRecord, { entry, index, ledger }: Place) {
  const { store, config } = context;
  const ref = refOf({ tenant: record.tenant, id: entryAnalysisId(record.id, index, 0) });
  const received = await receiveEntry(entry, { store, ref, maxBytes: config.batches.maxEntryBytes });
  const line = { ...lineOf(entry, index, received), label: entry.names.label ?? record.label };
  if (received.state !== 'accepted') return { line, kept: Promise.resolve() };
  const { bytes, sha256, held } = received;
  const first = ledger.firstWith(sha256);
  if (first !== undefined && first !== index) {
    if (!held) await store.remove(mediaKey(ref));
    // Its hash is that of the other one, and is to be found there only, until that is deleted.
    const same = { sha256: undefined, reason: 'duplicate', duplicate_of: first } as const;
    const duplicate: ManifestEntry = { ...line, ...same, state: 'skipped' };
    return { line: duplicate, kept: Promise.resolve() };
  }
  ledger.noteContent(sha256, index);
  const kept = keepEntry(context, record, {
    line: { ...line, bytes, sha256 },
    ...{ held, origin: entry.origin, round: 0 },
  });
  return { line, kept };
}

/** The size of what was not read is what the archive states, where that can be a size at all. */
function lineOf(entry: BatchEntry, index: number, received: Received): ManifestEntry {
  const { path, rawPath, names, statedBytes } = entry;
  const raw = rawPath.equals(Buffer.from(path)) ? {} : { path_raw: base64Of(rawPath) };
  const bytes = Number.isSafeInteger(statedBytes) ? statedBytes : undefined;
  const line = { index, path: path.slice(0, MAX_PATH_CHARACTERS), ...raw, bytes, ...names };
  if (received.state === 'skipped') return { ...line, state: 'skipped', ...received.skip };
  if (received.state === 'failed') return { ...line, state: 'failed', error: received.error };
  return { ...line, state: 'accepted', bytes: received.bytes, sha256: received.sha256 };
}

const base64Of = (raw: Buffer) => raw.subarray(0, MAX_PATH_CHARACTERS).toString('base64');

type Closing = { ledger: Ledger; error?: AnalysisError };

/**
 * Nothing is added to the manifest any more. It may have been given up meanwhile, by a worker that took this one for
 * dead: then it stays as that one closed it, and what was queued behind its end does not run.
 */
async function closeManifest(
  context: WorkerContext,
  record: BatchRecord,
  { ledger, error }: Closing,
): Promise<void> {
  const { records, redis } = context;
  const { id, tenant } = record;
  const ended_at = new Date().toISOString();
  const totals = ledger.totals();
  await releaseUploads(context, record);
  const mine: Expansion = { format: 1, id, tenant, ended_at, error, ...totals };
  const isFirst = (await records.batches.expansions.create(mine)) === 'created';
  const standing = isFirst ? mine : ((await records.batches.expansions.get(batchRefOf(record))) ?? mine);
  await createBatchBoard(redis).setTotals({ tenant, batch_id: id, round: 0 }, standing, 'expanded');
  if (!isFirst) await leaveOutUnlisted(context, record, standing);
}

/**
 * Whether more is taken in than when the batch lost its workers before, so that it goes on when the reconciler queues
 * it again. Taking in is long: workers end for other reasons while it is under way.
 */
export async function hasComeOn({ records, redis }: WorkerContext, ref: BatchRef): Promise<boolean> {
  const board = createBatchBoard(redis);
  const ledger = await openLedger({ batches: records.batches, board }, ref);
  return board.noteLoss({ ...ref, round: 0 }, ledger.next());
}

/** The end of a batch that no attempt could take in whole: what was taken in before stays. */
export async function giveUpBatch(
  context: WorkerContext,
  ref: BatchRef,
  error: AnalysisError,
): Promise<void> {
  const batch = await readBatchState(context.records.batches, ref);
  if (!batch || batch.end) return;
  const board = createBatchBoard(context.redis);
  if (!batch.expansion) {
    const ledger = await openLedger({ batches: context.records.batches, board }, ref);
    await closeManifest(context, batch.record, { ledger, error });
  }
  await askToFinish(context.queues, { ...ref, round: batch.round }, batch.record.request_id);
}
