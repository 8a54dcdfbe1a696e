import type { Redis } from 'ioredis';

/** How often the server is asked for a sign of life, and how many times running it may give none. */
export type Patience = { everyMs: number; silentBeats: number };

/**
 * Finds out that a server no longer answers though its connection stands (it is frozen, or its host is gone),
 * and lets go of that connection: what waits on it is dealt with as if the server had closed it. Silence is
 * counted in beats and not by the clock: between two beats the event loop reads what has come, so a process
 * that was busy or asleep itself never takes its own delay for the server's. Of a cluster the node that holds the
 * key is asked.
 */
export function keepPulse(redis: Redis, key: string, { everyMs, silentBeats }: Patience): void {
  let isAsked = false;
  let silent = 0;
  const ask = () => {
    isAsked = true;
    const answered = () => {
      isAsked = false;
      silent = 0;
    };
    // A refusal is a sign of life too; a connection that broke is asked anew when it is back.
    redis.exists(key).then(answered, answered);
  };
  const beat = () => {
    if (redis.status !== 'ready') silent = 0;
    else if (!isAsked) ask();
    else if (++silent >= silentBeats) {
      silent = 0;
      redis.emit('error', new Error(`No answer in ${everyMs * silentBeats} ms`));
      redis.disconnect(true);
    }
  };
  const timer = setInterval(beat, everyMs).unref();
  redis.once('end', () => clearInterval(timer));
}
