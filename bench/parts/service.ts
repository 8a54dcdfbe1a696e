import { startSystem, type StoreKind, type System } from '../../tests/system';
import { runPipeline } from '../bare-pipeline';
import { coreCount } from '../cpu-time';
import { distinctClips } from '../distinct-clips';
import type { Figure, PartResult } from '../figure';
import { SHORT_CLIP, type Setting } from '../material';
import { measureNoOpQueue } from '../no-op-queue';
import { drain, spreadOverCores } from '../queue-load';
import { spreadOf, type Spread } from '../statistics';

const WARM_UP = 20;

/** (c) What being a service costs: a short clip through it, beside the bare pipeline and an empty queue. */
export async function measureService(
  setting: Setting,
  { latencies, queuedJobs }: { latencies: number; queuedJobs: number },
): Promise<PartResult> {
  const core = coreCount() - 1;
  const asked = { clip: SHORT_CLIP, times: latencies, core };
  const bare = await runPipeline(setting, asked);
  const alone = spreadOf(bare.timesMs);
  const classic = await runPipeline(setting, { ...asked, ensemble: 'classic' });
  const byClassic = spreadOf(classic.timesMs);
  const figures: Figure[] = [
    { what: 'c: 3 s clip in the bare pipeline, median', value: alone.median_ms, unit: 'ms', atMost: 60 },
    { what: 'c: the same, classic ensemble', value: byClassic.median_ms, unit: 'ms', atMost: 60 },
    { what: 'c: bare pipeline', value: latencies / bare.wallSec, unit: 'clips/s' },
  ];
  const details: Record<string, unknown> = { alone, byClassic };
  for (const store of ['folder', 's3'] as const) {
    const system = await startSystem({ store, workers: 1 });
    try {
      spreadOverCores(system, coreCount());
      const idle = await latencyOf(system, latencies);
      await drain(system, WARM_UP);
      const load = await drain(system, queuedJobs);
      figures.push(...figuresOf(store, { idle, alone }));
      const rate = queuedJobs / load.wallSec;
      figures.push({ what: `c: one worker at full load, ${store} store`, value: rate, unit: 'jobs/s' });
      figures.push({
        what: `c: less than the bare pipeline by, ${store} store`,
        value: 100 * (1 - rate / (latencies / bare.wallSec)),
        unit: '%',
        atMost: 15,
      });
      figures.push({
        what: `c: the same in processor time, ${store} store`,
        value: 100 * (load.cpuSec / queuedJobs / (bare.cpuSec / latencies) - 1),
        unit: '%',
      });
      if (store === 'folder') figures.push(...(await measureNoOpQueue(system.redisServer.url, queuedJobs)));
      details[store] = { idle, load };
    } finally {
      await system.stop();
    }
  }
  return { figures, details };
}

function figuresOf(store: StoreKind, { idle, alone }: { idle: Spread; alone: Spread }): Figure[] {
  const added = idle.median_ms - alone.median_ms;
  return [
    { what: `c: submit to result, ${store} store, median`, value: idle.median_ms, unit: 'ms', atMost: 150 },
    { what: `c: of it the service, ${store} store`, value: added, unit: 'ms', atMost: 40 },
    {
      what: `c: 99th percentile by the median, ${store} store`,
      value: idle.p99_ms / idle.median_ms,
      unit: '×',
      atMost: 2,
    },
  ];
}

/** One short clip after the other: submit, then wait for the result. */
async function latencyOf({ client }: System, count: number): Promise<Spread> {
  const clip = distinctClips();
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + count; round++) {
    const content = new Blob([new Uint8Array(clip())]);
    const startMs = performance.now();
    const { id } = await client.submit({ content, filename: 'clip.wav' });
    await client.wait(id, { timeoutSec: 60 });
    if (round >= WARM_UP) times.push(performance.now() - startMs);
  }
  return spreadOf(times);
}
