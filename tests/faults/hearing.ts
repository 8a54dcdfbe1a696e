import type { Analysis } from '@bonafide/contracts';
import { recording, type System } from '../system';

/** The longest that may be waited for; whoever is not woken waits that long. */
const WAIT_SEC = 60;

/**
 * How long after the end of an analysis of the fixture, not analysed before, one that waits for it hears of it,
 * milliseconds. The only worker stands still until somebody waits.
 */
export async function hearsAfterMs({ client, url, workers }: System, fixture: string): Promise<number> {
  const [{ pid }] = workers;
  process.kill(pid, 'SIGSTOP');
  try {
    const { id } = await client.submit(await recording(fixture));
    const waiting = fetch(`${url}/v1/analyses/${id}?wait=${WAIT_SEC}`);
    // Answered behind the one that waits.
    await client.get(id);
    process.kill(pid, 'SIGCONT');
    const response = await waiting;
    const { status, finished_at } = (await response.json()) as Analysis;
    if (status !== 'succeeded') throw new Error(`${response.status}: ${status}`);
    return Date.now() - Date.parse(String(finished_at));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
