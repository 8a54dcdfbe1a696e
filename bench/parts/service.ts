import { startSystem, type StoreKind, type System } from '../../tests/system';
import { startPipeline, type BarePipeline } from '../bare-pipeline';
import { coreCount, type Cost } from '../cpu-time';
import { distinctClips } from '../distinct-clips';
import type { Figure, PartResult } from '../figure';
import { SHORT_CLIP, type Setting } from '../material';
import { measureNoOpQueue } from '../no-op-queue';
import { drain, spreadOverCores } from '../queue-load';
import { spreadOf } from '../statistics';

const WARM_UP = 20;
const TURNS = 6;

type Counts = { latencies: number; queuedJobs: number };
type Runs = Cost & { timesMs: number[] };
type Measured = { free: number[]; idle: number[]; bare: Runs; load: Cost; jobs: number; empty: Figure[] };

/** (c) What being a service costs: a short clip through it, beside the bare pipeline and an empty queue. */
export async function measureService(setting: Setting, counts: Counts): Promise<PartResult> {
  const pipeline = startPipeline(setting, coreCount() - 1);
  try {
    await pipeline.measure(SHORT_CLIP, WARM_UP, 'classic');
    const classic = await pipeline.measure(SHORT_CLIP, counts.latencies, 'classic');
    await pipeline.measure(SHORT_CLIP, WARM_UP);
    const folder = await measureBeside(pipeline, 'folder', counts);
    const s3 = await measureBeside(pipeline, 's3', counts);
    const alone = spreadOf([...folder.bare.timesMs, ...s3.bare.timesMs]);
    const byClassic = spreadOf(classic.timesMs);
    const figures: Figure[] = [
      { what: 'c: 3 s clip in the bare pipeline, median', value: alone.median_ms, unit: 'ms', atMost: 60 },
      { what: 'c: the same, classic ensemble', value: byClassic.median_ms, unit: 'ms', atMost: 60 },
      ...figuresOf('folder', folder),
      ...folder.empty,
      ...figuresOf('s3', s3),
    ];
    return { figures, details: { alone, byClassic, folder, s3 } };
  } finally {
    pipeline.end();
  }
}

/** The bare pipeline and the service in turn, a little of each: a virtual machine's speed changes within minutes. */
async function measureBeside(pipeline: BarePipeline, store: StoreKind, counts: Counts): Promise<Measured> {
  const system = await startSystem({ store, workers: 1 });
  try {
    await timesOf(system, WARM_UP);
    const free = await timesOf(system, counts.latencies);
    spreadOverCores(system, coreCount());
    await drain(system, WARM_UP);
    const [runs, loads]: [Runs[], Cost[]] = [[], []];
    const idle: number[] = [];
    const [clips, jobs] = [counts.latencies, counts.queuedJobs].map((count) => Math.ceil(count / TURNS));
    for (let turn = 0; turn < TURNS; turn++) {
      runs.push(await pipeline.measure(SHORT_CLIP, clips));
      idle.push(...(await timesOf(system, clips)));
      loads.push(await drain(system, jobs));
    }
    const empty = await measureNoOpQueue(system.redisServer.url, counts.queuedJobs);
    const timesMs = runs.flatMap((run) => run.timesMs);
    return { free, idle, bare: { ...sum(runs), timesMs }, load: sum(loads), jobs: TURNS * jobs, empty };
  } finally {
    await system.stop();
  }
}

function figuresOf(store: StoreKind, { free, idle, bare, load, jobs }: Measured): Figure[] {
  const clips = bare.timesMs.length;
  const [bareRate, rate] = [clips / bare.wallSec, jobs / load.wallSec];
  const { median_ms, p99_ms } = spreadOf(free);
  const onOneCore = spreadOf(idle).median_ms;
  const added = onOneCore - spreadOf(bare.timesMs).median_ms;
  const more = load.cpuSec / jobs / (bare.cpuSec / clips) - 1;
  return [
    { what: `c: submit to result, ${store} store, median`, value: median_ms, unit: 'ms', atMost: 150 },
    {
      what: `c: 99th percentile by the median, ${store} store`,
      value: p99_ms / median_ms,
      unit: '×',
      atMost: 2,
    },
    { what: `c: the median on one core, ${store} store`, value: onOneCore, unit: 'ms' },
    { what: `c: of it the service, ${store} store`, value: added, unit: 'ms', atMost: 40 },
    { what: `c: one worker at full load, ${store} store`, value: rate, unit: 'jobs/s' },
    { what: `c: the bare pipeline in turn with it`, value: bareRate, unit: 'clips/s' },
    {
      what: `c: less than the bare pipeline by, ${store} store`,
      value: 100 * (1 - rate / bareRate),
      unit: '%',
      atMost: 15,
    },
    { what: `c: the same in processor time, ${store} store`, value: 100 * more, unit: '%' },
  ];
}

const sum = (costs: readonly Cost[]): Cost => ({
  wallSec: costs.reduce((total, { wallSec }) => total + wallSec, 0),
  cpuSec: costs.reduce((total, { cpuSec }) => total + cpuSec, 0),
});

/** Of one short clip after the other, in milliseconds: submitted, then waited for. */
async function timesOf({ client }: System, count: number): Promise<number[]> {
  const clip = distinctClips();
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const content = new Blob([new Uint8Array(clip())]);
    const startMs = performance.now();
    const { id } = await client.submit({ content, filename: 'clip.wav' });
    await client.wait(id, { timeoutSec: 60 });
    times.push(performance.now() - startMs);
  }
  return times;
}
