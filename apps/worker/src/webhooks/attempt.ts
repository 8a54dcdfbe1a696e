import type { AttemptError, DeliveryRecord } from '@bonafide/contracts';
import { OutboundError, startTimeLimit, type Outbound } from '@bonafide/platform';
import { Webhook } from 'standardwebhooks';
import { parseRetryAfter } from './retry-delay';

export type Target = { url: string; secrets: readonly string[] };

/** What came of one try. `retryAfterMs` where the receiver said when to come again. */
export type AttemptResult = {
  at: string;
  responseCode: number | null;
  latencyMs: number;
  retryAfterMs: number | null;
} & ({ status: 'succeeded' } | { status: 'failed'; error: AttemptError; detail: string });

/**
 * Sends the delivery once, as Standard Webhooks has it: the id stays, the time is that of the attempt, and
 * there is one signature for each secret that is valid, over the bytes as they are sent.
 * @throws the signal's reason when this process must end
 */
export async function attemptDelivery(
  outbound: Outbound,
  { delivery, target }: { delivery: Pick<DeliveryRecord, 'id' | 'body'>; target: Target },
  { timeoutSec, signal }: { timeoutSec: number; signal: AbortSignal },
): Promise<AttemptResult> {
  const sentAt = new Date();
  const beganMs = performance.now();
  const limit = startTimeLimit(timeoutSec, signal);
  const common = (responseCode: number | null, retryAfter?: string) => ({
    at: sentAt.toISOString(),
    responseCode,
    latencyMs: Math.round(performance.now() - beganMs),
    retryAfterMs: parseRetryAfter(retryAfter, Date.now()),
  });
  try {
    const headers = signedHeaders(delivery, target.secrets, sentAt);
    const request = { method: 'POST', headers, body: delivery.body, signal: limit.signal } as const;
    const answer = await outbound.call(target.url, request);
    answer.release();
    return { ...common(answer.status, answer.headers['retry-after']), ...judge(answer.status) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OutboundError)) throw error;
    return { ...common(null), status: 'failed', error: error.fault, detail: error.message };
  } finally {
    limit.end();
  }
}

function signedHeaders(
  { id, body }: Pick<DeliveryRecord, 'id' | 'body'>,
  secrets: readonly string[],
  sentAt: Date,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'bonafide-webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, body)).join(' '),
  };
}

function judge(
  status: number,
): { status: 'succeeded' } | { status: 'failed'; error: AttemptError; detail: string } {
  if (status >= 200 && status < 300) return { status: 'succeeded' };
  const detail = `The receiver answered ${status}`;
  if (status < 300 || status >= 400) return { status: 'failed', error: 'not_successful', detail };
  return { status: 'failed', error: 'redirected', detail: `${detail}; redirects are not followed` };
}
