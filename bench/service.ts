import { createClient } from '@bonafide/client';
import { startSystem, type StoreKind } from '../tests/system';
import { distinctClips } from './distinct-clips';

export type Latency = { store: StoreKind; count: number; medianMs: number; p95Ms: number };

const WARM_UP = 10;
const COUNT = 60;

/** One short clip after the other through the running service: submit, then wait for the result. */
export async function measureLatency(store: StoreKind): Promise<Latency> {
  const system = await startSystem({ store });
  try {
    const client = createClient(system.url);
    const clip = distinctClips('real-en-3s.wav');
    const times: number[] = [];
    for (let round = 0; round < WARM_UP + COUNT; round++) {
      const content = new Blob([new Uint8Array(clip())]);
      const startMs = performance.now();
      const { id } = await client.submit({ content, filename: 'real-en-3s.wav' });
      await client.wait(id, { timeoutSec: 30 });
      if (round >= WARM_UP) times.push(performance.now() - startMs);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => times[Math.min(COUNT - 1, Math.floor(share * COUNT))];
    return { store, count: COUNT, medianMs: at(0.5), p95Ms: at(0.95) };
  } finally {
    await system.stop();
  }
}
