/** Retries are spread over this part of their delay, so that receivers are not met by all at once. */
const JITTER = 0.1;
/** The longest that a receiver can put us off. */
const MAX_RETRY_AFTER_MS = 86_400_000;

export type RetryQuery = {
  scheduleSec: readonly number[];
  /** Attempts made so far. */
  tried: number;
  retryAfterMs: number | null;
  /** 0..1 */
  random: number;
};

/** How long to wait for the next attempt, never less than the receiver asked for; null when it was the last. */
export function retryDelayMs({ scheduleSec, tried, retryAfterMs, random }: RetryQuery): number | null {
  if (tried >= scheduleSec.length) return null;
  const delayMs = scheduleSec[tried] * 1000 * (1 + JITTER * (2 * random - 1));
  return Math.round(Math.max(delayMs, Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)));
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), in milliseconds from `nowMs`; null for none. */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^\d{1,10}$/.test(value.trim())) return Number(value) * 1000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
