import type {
  AttemptError,
  DeliveryAttempt,
  DeliveryRecord,
  DeliveryRef,
  EndpointRef,
} from '@bonafide/contracts';
import { isMarkedDeleted, KEY_PREFIX, queueDelivery, TryLater, type Outbound } from '@bonafide/platform';
import type { WorkerContext } from '../context';
import { attemptDelivery, type AttemptResult, type Target } from './attempt';
import { disableEndpoint, hasFailedTooLong, noteSuccess, tellOfDisablement } from './endpoint-health';
import type { Lanes, Way } from './lanes';
import { retryDelayMs } from './retry-delay';
import { targetOf } from './target';

/** With every replay come more attempts; the newest are kept. */
const MAX_ATTEMPTS_KEPT = 100;
/** At once in one process, which has forty at once of all. */
const MOST_TO_A_RECEIVER = 4;
const MOST_OF_A_TENANT = 20;
const GONE = 410;
const PUTS_OFF = [429, 503];

export type Sender = { context: WorkerContext; outbound: Outbound; lanes: Lanes };

/**
 * The next attempt of a delivery, if it is due. What came of it is in the records before anything follows
 * from it.
 * @throws TryLater when another attempt is to follow
 */
export async function deliver(sender: Sender, ref: DeliveryRef, signal: AbortSignal): Promise<void> {
  const { context } = sender;
  const { webhooks } = context.records;
  const delivery = await webhooks.deliveries.get(ref);
  if (delivery?.status !== 'pending') return webhooks.pending.remove(ref);
  if (await isOfDeleted(context, delivery)) return forget(context, ref);
  const dueInMs = Date.parse(delivery.next_attempt_at ?? delivery.created_at) - Date.now();
  if (dueInMs > 0) throw new TryLater(dueInMs);
  const target = await targetOf(context, delivery);
  if (target === 'removed') {
    await forget(context, ref);
  } else if (target === 'disabled') {
    await tellOfDisablement(context, ref);
    const made = brokenOff('endpoint_disabled', 'The endpoint is disabled: nothing was sent', null);
    await finish(context, withAttempt(delivery, made));
  } else {
    await attempt(sender, { delivery, target }, signal);
  }
}

async function attempt(
  { context, outbound, lanes }: Sender,
  { delivery, target }: { delivery: DeliveryRecord; target: Target },
  signal: AbortSignal,
): Promise<void> {
  const { timeoutSec } = context.config.webhooks;
  const ways = waysOf(delivery, target);
  const waitMs = Math.max(lanes.waitMs(ways), await pauseLeftMs(context, delivery));
  if (waitMs > 0) throw new TryLater(waitMs);
  const result = await lanes.run(ways, () =>
    attemptDelivery(outbound, { delivery, target }, { timeoutSec, signal }),
  );
  tellAttempt(context, delivery, result);
  if (result.status === 'failed') return afterFailure(context, delivery, result);
  countAttempt(context, 'succeeded');
  await noteSuccess(context, endpointOf(delivery));
  await finish(context, { ...withAttempt(delivery, attemptOf(result, null)), status: 'succeeded' });
}

/**
 * Receivers are told apart by their endpoints, for many may share a host; the addresses that submissions name have none,
 * and there a tenant's hosts are told apart.
 */
function waysOf({ tenant, endpoint_id, url }: DeliveryRecord, target: Target): Way[] {
  const receiver = url === undefined ? endpoint_id : `${endpoint_id} ${new URL(target.url).host}`;
  return [
    { name: receiver, most: MOST_TO_A_RECEIVER },
    { name: `tenant ${tenant}`, most: MOST_OF_A_TENANT },
  ];
}

async function afterFailure(
  context: WorkerContext,
  delivery: DeliveryRecord,
  result: AttemptResult & { status: 'failed' },
): Promise<void> {
  const { at, responseCode, retryAfterMs } = result;
  const ref = endpointOf(delivery);
  // An address that one submission named has no owner's settings to disable.
  const isRegistered = delivery.url === undefined;
  const isTooLong = isRegistered && (await hasFailedTooLong(context, ref, at));
  const isOver = responseCode === GONE || isTooLong;
  const { retryScheduleSec: scheduleSec } = context.config.webhooks;
  const tried = delivery.tried + 1;
  const random = Math.random();
  const delayMs = isOver ? null : retryDelayMs({ scheduleSec, tried, retryAfterMs, random });
  const nextAt = delayMs === null ? null : new Date(Date.now() + delayMs).toISOString();
  const recorded = withAttempt(delivery, attemptOf(result, nextAt));
  countAttempt(context, isOver ? 'disabled' : delayMs === null ? 'gave_up' : 'failed');
  if (isOver && isRegistered) {
    await disableEndpoint(context, ref, responseCode === GONE ? 'gone' : 'failing');
  }
  if (delayMs === null) return finish(context, recorded);
  if (!(await keep(context, { ...recorded, status: 'pending' }))) return;
  if (isRegistered && retryAfterMs && PUTS_OFF.includes(responseCode ?? 0))
    await pause(context, ref, delayMs);
  throw new TryLater(delayMs);
}

/**
 * An attempt whose worker died each time, which need not be the attempt's doing: it counts as one that
 * failed, and the next one is a new job.
 */
export async function giveUpDelivery(context: WorkerContext, ref: DeliveryRef): Promise<void> {
  const { config, queues, records } = context;
  const delivery = await records.webhooks.deliveries.get(ref);
  if (delivery?.status !== 'pending') return;
  const { retryScheduleSec: scheduleSec } = config.webhooks;
  const tried = delivery.tried + 1;
  const delayMs = retryDelayMs({ scheduleSec, tried, retryAfterMs: null, random: Math.random() });
  const made = brokenOff('worker_crashed', 'The attempt broke off with its worker', delayMs);
  if (delayMs === null) return finish(context, withAttempt(delivery, made));
  const next = { ...withAttempt(delivery, made), status: 'pending', round: delivery.round + 1 } as const;
  if (!(await keep(context, next))) return;
  await queueDelivery(queues, next, { delayMs });
}

async function finish(context: WorkerContext, delivery: DeliveryRecord): Promise<void> {
  if (await keep(context, delivery)) await context.records.webhooks.pending.remove(refOf(delivery));
}

/** Writes what came of an attempt. @returns false where what it tells of was deleted meanwhile: then nothing is kept */
async function keep(context: WorkerContext, delivery: DeliveryRecord): Promise<boolean> {
  await context.records.webhooks.deliveries.put(delivery);
  if (!(await isOfDeleted(context, delivery))) return true;
  await forget(context, refOf(delivery));
  return false;
}

async function forget({ records: { webhooks } }: WorkerContext, ref: DeliveryRef): Promise<void> {
  await Promise.all([webhooks.deliveries.remove(ref), webhooks.pending.remove(ref)]);
}

async function isOfDeleted(
  context: WorkerContext,
  { tenant, analysis_id }: DeliveryRecord,
): Promise<boolean> {
  return analysis_id !== undefined && isMarkedDeleted(context.redis, { tenant, analysis_id });
}

const refOf = ({ tenant, endpoint_id, id }: DeliveryRecord): DeliveryRef => ({
  ...{ tenant, endpoint_id },
  delivery_id: id,
});

/** Failed, unless the caller says that it goes on or that it arrived. */
function withAttempt(delivery: DeliveryRecord, made: DeliveryAttempt): DeliveryRecord {
  return {
    ...delivery,
    status: 'failed',
    tried: delivery.tried + 1,
    attempts: [...delivery.attempts, made].slice(-MAX_ATTEMPTS_KEPT),
    next_attempt_at: made.next_attempt_at,
  };
}

function attemptOf(result: AttemptResult, nextAt: string | null): DeliveryAttempt {
  return {
    at: result.at,
    status: result.status,
    response_code: result.responseCode,
    latency_ms: result.latencyMs,
    error: result.status === 'failed' ? result.error : null,
    detail: result.status === 'failed' ? result.detail : null,
    next_attempt_at: nextAt,
  };
}

/** An attempt that got no answer through no doing of the receiver. */
function brokenOff(error: AttemptError, detail: string, delayMs: number | null): DeliveryAttempt {
  const nextAt = delayMs === null ? null : new Date(Date.now() + delayMs).toISOString();
  const base = { status: 'failed', response_code: null, latency_ms: 0, next_attempt_at: nextAt } as const;
  return { at: new Date().toISOString(), ...base, error, detail };
}

function endpointOf({ tenant, endpoint_id }: DeliveryRecord) {
  return { tenant, endpoint_id };
}

const pauseKey = (endpointId: string) => `${KEY_PREFIX}:webhook-pause:${endpointId}`;

/** A receiver that asks for patience gets it from all its deliveries. */
async function pause({ redis }: WorkerContext, { endpoint_id }: EndpointRef, ms: number): Promise<void> {
  await redis.set(pauseKey(endpoint_id), '1', 'PX', ms);
}

async function pauseLeftMs({ redis }: WorkerContext, { endpoint_id }: DeliveryRecord): Promise<number> {
  return redis.pttl(pauseKey(endpoint_id));
}

function tellAttempt({ log, engine }: WorkerContext, delivery: DeliveryRecord, result: AttemptResult): void {
  const { id, tenant, endpoint_id, analysis_id, batch_id, request_id, type, tried } = delivery;
  const fields = { tenant, endpoint_id, delivery_id: id, analysis_id, batch_id, request_id, type };
  const error = result.status === 'failed' ? result.error : undefined;
  const { responseCode: response_code, latencyMs: latency_ms, status } = result;
  log.info({ ...fields, attempt: tried + 1, status, response_code, latency_ms, error }, 'webhook attempted');
  engine.metrics.observe('bonafide_webhook_attempt_seconds', {}, latency_ms / 1000);
}

type AttemptOutcome = 'succeeded' | 'failed' | 'gave_up' | 'disabled';

function countAttempt({ engine }: WorkerContext, outcome: AttemptOutcome): void {
  engine.metrics.count('bonafide_webhook_attempts_total', { outcome });
}
