import {
  CodedError,
  isBatchOver,
  type Batch,
  type BatchRef,
  type BatchStatus,
  type Counters,
} from '@bonafide/contracts';
import {
  askToFinish,
  countersOf,
  createBatchBoard,
  readBatchState,
  type BatchState,
  type Board,
} from '@bonafide/platform';
import type { ApiContext } from './context';

type Sources = Pick<ApiContext, 'records' | 'redis' | 'queues' | 'live'>;

export const batchPathOf = (batchId: string) => `/v1/batches/${batchId}`;

/** @throws CodedError `not_found` */
export async function findBatch(
  { records }: Pick<ApiContext, 'records'>,
  ref: BatchRef,
): Promise<BatchState> {
  const batch = await readBatchState(records.batches, ref);
  if (!batch) throw new CodedError('not_found', `There is no batch ${ref.batch_id}`);
  return batch;
}

/**
 * The state of a batch: one that has ended is as its records say; of one under way Redis knows how far it is.
 * @throws CodedError `not_found`; `unavailable` when it has not ended and Redis is away.
 */
export async function readBatch(sources: Sources, ref: BatchRef): Promise<Batch> {
  return viewBatch(sources, await findBatch(sources, ref));
}

export async function viewBatch({ redis, queues }: Sources, batch: BatchState): Promise<Batch> {
  const { record, round, end } = batch;
  if (end) {
    const rate = rateOf(end.counters, end.started_at, end.finished_at);
    return {
      ...described(batch),
      ...{ status: end.status, started_at: end.started_at, finished_at: end.finished_at },
      ...{
        progress: 1,
        counters: end.counters,
        changes: end.changes ?? null,
        rate,
        expected_end: null,
        error: end.error ?? null,
      },
    };
  }
  const ref = { tenant: record.tenant, batch_id: record.id, round };
  const live = createBatchBoard(redis);
  const board = await live.read(ref);
  // Redis has lost the count: whoever looks has it made again, and reads meanwhile what is left of it.
  if (!board.isWhole && (await live.isFirst(ref, 'recount', 10_000))) await askToFinish(queues, ref);
  return viewUnderWay(batch, board);
}

function viewUnderWay(batch: BatchState, board: Board): Batch {
  const counters = countersOf(batch, board);
  const started_at = batch.previous?.started_at ?? board.startedAt;
  const rate = batch.previous ? null : rateOf(counters, started_at, new Date().toISOString());
  const left = counters.queued + counters.processing;
  const canTell = rate !== null && rate > 0 && counters.total > 0;
  return {
    ...described(batch),
    status: statusOf(batch, board),
    started_at,
    finished_at: null,
    progress: counters.total === 0 ? 0 : toThousandths(Math.max(0, 1 - left / counters.total)),
    counters,
    changes: null,
    rate,
    expected_end: canTell ? new Date(Date.now() + (left / rate) * 1000).toISOString() : null,
    error: batch.expansion?.error ?? null,
  };
}

function statusOf({ round }: BatchState, { startedAt }: Board): BatchStatus {
  return startedAt === null && round === 0 ? 'queued' : 'processing';
}

/** Analyses that ended, a second: what is left out costs nothing and says nothing about the rest. */
function rateOf({ succeeded, failed }: Counters, startedAt: string | null, until: string): number | null {
  if (startedAt === null) return null;
  const sec = (Date.parse(until) - Date.parse(startedAt)) / 1000;
  return sec > 0 ? toThousandths((succeeded + failed) / sec) : null;
}

const toThousandths = (value: number) => Math.round(value * 1000) / 1000;

function described({ record }: BatchState) {
  const { id, created_at, filename, source, label } = record;
  const self = batchPathOf(id);
  const links = { self, items: `${self}/items`, report: `${self}/report`, events: `${self}/events` };
  return { id, created_at, filename, source, label: label ?? null, links };
}

/**
 * The batch as soon as it has ended, or as it is when the time is up or the caller gone. Woken by what is told of
 * the batch.
 */
export async function awaitBatch(
  sources: Sources,
  ref: BatchRef,
  { waitSec, signal }: { waitSec: number; signal: AbortSignal },
): Promise<Batch> {
  if (waitSec <= 0) return readBatch(sources, ref);
  const deadlineMs = performance.now() + waitSec * 1000;
  const watch = sources.live.events.follow({ kind: 'batch', tenant: ref.tenant, id: ref.batch_id });
  try {
    for (;;) {
      const batch = await readBatch(sources, ref);
      const leftMs = deadlineMs - performance.now();
      if (isBatchOver(batch.status) || leftMs <= 0 || signal.aborted) return batch;
      if ((await watch.changed(leftMs, signal)) === 'over') return await readBatch(sources, ref);
    }
  } finally {
    watch.stop();
  }
}
