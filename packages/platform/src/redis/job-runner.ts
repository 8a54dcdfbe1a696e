import { setTimeout as sleep } from 'node:timers/promises';
import {
  CodedError,
  isJobName,
  openJob,
  type JobName,
  type JobPayload,
  type QueueName,
} from '@bonafide/contracts';
import { DelayedError, UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger';
import type { SharedMetrics } from '../metrics/shared-metrics';
import type { Telemetry } from '../tracing';
import { KEY_PREFIX } from './connections';
import { redisFault } from './faults';
import { watchLocks, type TurnsInHand } from './lost-locks';

export type JobAttempt<N extends JobName> = {
  payload: JobPayload<N>;
  /** 1 at first. */
  attempt: number;
  maxAttempts: number;
  /** Aborted when this process must end before the job does; the job is then handed back. */
  signal: AbortSignal;
};

/** What to do for a job, and what to do when it is given up: it ended its workers, or failed each time. */
export type JobHandler<N extends JobName> = {
  run(attempt: JobAttempt<N>): Promise<void>;
  giveUp(payload: JobPayload<N>, cause: GiveUpCause): Promise<void>;
};
export type GiveUpCause = { kind: 'crashed' | 'failed'; error: Error };

/**
 * Thrown by a handler whose job is to go on later: a delivery by its schedule, work that waits for other
 * work. It is no failure and uses up no attempt; what is to be remembered between is in the records.
 */
export class TryLater extends Error {
  override readonly name = 'TryLater';
  constructor(readonly delayMs: number) {
    super(`goes on in ${delayMs} ms`);
  }
}

/** A job of the catalogue without a handler does not compile. */
export type JobHandlers = { [N in JobName]: JobHandler<N> };

export type JobRunner = {
  /** Takes no further job, lets the present one end within the grace time, else hands it back; at once without Redis. */
  stop(graceSec: number): Promise<void>;
};

/** A job whose worker died is tried once more; one that kills two workers is given up. */
const MAX_STALLED_COUNT = 1;
const STALLED_TOO_OFTEN = /stalled more than allowable limit/;
/** How long handing a job back may take before the process goes without. */
const HAND_BACK_SEC = 3;
/** How long a job waits that needs a part of the service that is away, or room where there is none. */
const UNAVAILABLE_DELAY_MS = 3_000;

type RunnerOptions = {
  queue: QueueName;
  /** Jobs at a time: one where they compute, as a worker process is one core; more where they only wait. */
  concurrency: number;
  redis: Redis;
  stalledAfterSec: number;
  log: Logger;
  metrics: SharedMetrics;
  telemetry?: Telemetry;
};

/** Runs the jobs of one queue. */
export function runJobs(handlers: JobHandlers, options: RunnerOptions): JobRunner {
  const { queue, concurrency, redis, stalledAfterSec, log, metrics, telemetry } = options;
  const abort = new AbortController();
  const worker = new Worker(
    queue,
    (job, token) => {
      const turn = { signal: abort.signal, token, log: log.child(idsOf(job)) };
      return measured(metrics, job, () => performOnce(turns, handlers, job, turn));
    },
    {
      connection: redis,
      telemetry,
      prefix: KEY_PREFIX,
      concurrency,
      lockDuration: stalledAfterSec * 1000,
      stalledInterval: (stalledAfterSec * 1000) / 2,
      maxStalledCount: MAX_STALLED_COUNT,
      runRetryDelay: 1_000,
    },
  );
  const turns = watchLocks(worker, redis, log);
  worker.on('error', (error) => log.debug({ err: error, queue }, 'queue error'));
  worker.on('stalled', (jobId) => {
    metrics.count('bonafide_jobs_total', { job: queue, outcome: 'stalled' });
    log.warn({ job_id: jobId }, 'a job lost its worker and is queued again');
  });
  // A job that crashed its workers never reaches `perform` again: BullMQ fails it before.
  worker.on('failed', (job, error) => {
    if (!job || !STALLED_TOO_OFTEN.test(error.message)) return;
    metrics.count('bonafide_jobs_total', { job: job.name, outcome: 'crashed' });
    log.error(idsOf(job), 'a job ended its workers and is given up');
    giveUp(handlers, job, { kind: 'crashed', error }).catch((fault: unknown) => {
      log.error({ err: fault, ...idsOf(job) }, 'a job could not be given up');
    });
  });
  return {
    stop: async (graceSec) => {
      // Without Redis there is nobody to hand a job back to; its lock runs out and another worker takes it.
      if (redis.status !== 'ready') return worker.close(true);
      const isGone = new Promise((resolve) => redis.once('close', resolve));
      const timer = setTimeout(() => abort.abort(new Error('the process is ending')), graceSec * 1000);
      const ended = new AbortController();
      const tooLate = sleep((graceSec + HAND_BACK_SEC) * 1000, undefined, { signal: ended.signal });
      await Promise.race([worker.close(), tooLate, isGone]);
      clearTimeout(timer);
      ended.abort();
      await tooLate.catch(() => undefined);
    },
  };
}

/** For the log: which job, and the ids of what it is about. Payloads hold nothing else. */
function idsOf(job: Job): Record<string, unknown> {
  const { payload } = (job.data ?? {}) as { payload?: object };
  return { job: job.name, job_id: job.id, ...payload };
}

/** Notes how long a turn took and what came of it. */
async function measured(metrics: SharedMetrics, job: Job, turn: () => Promise<void>): Promise<void> {
  const beganMs = performance.now();
  let outcome = 'completed';
  try {
    await turn();
  } catch (error) {
    outcome =
      error instanceof DelayedError ? 'delayed' : error instanceof WaitingError ? 'handed_back' : 'failed';
    throw error;
  } finally {
    metrics.count('bonafide_jobs_total', { job: job.name, outcome });
    metrics.observe('bonafide_job_seconds', { job: job.name }, (performance.now() - beganMs) / 1000);
  }
}

type Turn = { signal: AbortSignal; token: string | undefined; log: Logger };

/** A job that was handed out again while this process has it in hand waits for that turn to end. */
async function performOnce(turns: TurnsInHand, handlers: JobHandlers, job: Job, turn: Turn): Promise<void> {
  const id = String(job.id);
  if (turns.has(id)) return delay(job, UNAVAILABLE_DELAY_MS, turn);
  turns.begin(id);
  try {
    await perform(handlers, job, turn);
  } finally {
    turns.end(id);
  }
}

async function perform(handlers: JobHandlers, job: Job, turn: Turn): Promise<void> {
  try {
    await runOrGiveUp(handlers, job, turn);
  } catch (error) {
    if (turn.signal.aborted) {
      await job.moveToWait(turn.token);
      throw new WaitingError();
    }
    if (isOfService(error)) {
      turn.log.warn({ err: error }, 'a job waits for what is away');
      return await delay(job, UNAVAILABLE_DELAY_MS, turn);
    }
    if (error instanceof TryLater) return await delay(job, error.delayMs, turn);
    throw error;
  }
}

/** No fault of the job: it waits for as long as it takes, and no attempt is used up. */
function isOfService(error: unknown): boolean {
  return error instanceof CodedError && (error.code === 'unavailable' || error.code === 'storage_full');
}

/** Hands the job back until its time has come; the error is how BullMQ wants to be told. */
async function delay(job: Job, delayMs: number, { token }: Turn): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}

/** A fault on the last attempt, or one that no attempt can cure, is settled before the queue hears of it. */
async function runOrGiveUp(handlers: JobHandlers, job: Job, { signal, log }: Turn): Promise<void> {
  const { name, attemptsMade } = job;
  if (!isJobName(name)) throw new UnrecoverableError(`no job is called ${name}`);
  const attempt = attemptsMade + 1;
  const maxAttempts = job.opts.attempts ?? 1;
  try {
    await run(handlers[name], name, job.data, { attempt, maxAttempts, signal });
  } catch (thrown) {
    const error = redisFault(thrown);
    if (signal.aborted || error instanceof TryLater || isOfService(error)) throw error;
    log.error({ err: error, attempt, max_attempts: maxAttempts }, 'a job failed');
    const isCurable = !(error instanceof CodedError) || error.retryable;
    if (isCurable && attempt < maxAttempts) throw error;
    await giveUp(handlers, job, { kind: 'failed', error: error as Error });
    throw new UnrecoverableError((error as Error).message);
  }
}

/** Generic, so that a handler and its payload are known to be of one name. */
async function run<N extends JobName>(
  handler: JobHandler<N>,
  name: N,
  data: unknown,
  turn: Omit<JobAttempt<N>, 'payload'>,
): Promise<void> {
  await handler.run({ ...turn, payload: openJob(name, data) });
}

async function giveUp(handlers: JobHandlers, job: Job, cause: GiveUpCause): Promise<void> {
  if (!isJobName(job.name)) return;
  await giveUpOne(handlers[job.name], job.name, job.data, cause);
}

async function giveUpOne<N extends JobName>(
  handler: JobHandler<N>,
  name: N,
  data: unknown,
  cause: GiveUpCause,
): Promise<void> {
  await handler.giveUp(openJob(name, data), cause);
}
