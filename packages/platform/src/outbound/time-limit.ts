export type TimeLimit = {
  /** Aborted when the time is up (`TimeoutError`), or with the other signal's reason. */
  signal: AbortSignal;
  /** To be called when what was limited is over. */
  end(): void;
};

/**
 * So long, and no longer. `AbortSignal.any` over `AbortSignal.timeout` says the same, but in Node 20 nothing holds
 * such a time-out: the garbage collector takes it, and it never comes.
 */
export function startTimeLimit(limitSec: number, other?: AbortSignal): TimeLimit {
  const limit = new AbortController();
  const follow = () => limit.abort(other?.reason);
  const timer = setTimeout(
    () => limit.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    limitSec * 1000,
  );
  if (other?.aborted) follow();
  other?.addEventListener('abort', follow, { once: true });
  return {
    signal: limit.signal,
    end: () => {
      clearTimeout(timer);
      other?.removeEventListener('abort', follow);
    },
  };
}
