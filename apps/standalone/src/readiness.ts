import { setTimeout as delay } from 'node:timers/promises';

const STEP_MS = 100;

/** Resolves to whether `probe` came true within the time. */
export async function becomesTrue(probe: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if (await probe()) return true;
    await delay(STEP_MS);
  }
  return false;
}

/** The answer of the service's own readiness check; an address where nobody listens is not ready. */
export async function isReady(address: string): Promise<boolean> {
  return (await readiness(address)).ok;
}

export async function readiness(address: string): Promise<{ ok: boolean; body: string }> {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2000) });
    return { ok: response.ok, body: await response.text() };
  } catch (error) {
    return { ok: false, body: String(error) };
  }
}
