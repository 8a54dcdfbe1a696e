const INTERVAL_MS = 20;

/** Asks again until the condition gives something; a condition that throws is not met yet. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  timeoutSec = 30,
): Promise<T> {
  const deadlineMs = Date.now() + timeoutSec * 1000;
  let last: unknown;
  while (Date.now() < deadlineMs) {
    try {
      const result = await condition();
      if (result) return result;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
  throw new Error(`not within ${timeoutSec} s: ${what}`, { cause: last });
}
