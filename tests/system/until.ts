const SHORTEST_MS = 20;
const LONGEST_MS = 100;

/**
 * Asks again until the condition gives something; a condition that throws is not met yet. What takes long is asked about
 * more rarely, for the asking takes from the processor that it waits for.
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  timeoutSec = 30,
): Promise<T> {
  const beganMs = Date.now();
  const deadlineMs = beganMs + timeoutSec * 1000;
  let last: unknown;
  while (Date.now() < deadlineMs) {
    try {
      const result = await condition();
      if (result) return result;
    } catch (error) {
      last = error;
    }
    const pauseMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (Date.now() - beganMs) / 10));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  throw new Error(`not within ${timeoutSec} s: ${what}`, { cause: last });
}
