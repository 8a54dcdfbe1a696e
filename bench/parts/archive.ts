import { batchCaller, startSystem, zipOf, type System } from '../../tests/system';
import { startPipeline } from '../bare-pipeline';
import { coreCount, costOf } from '../cpu-time';
import { distinctClips } from '../distinct-clips';
import type { PartResult } from '../figure';
import { SHORT_CLIP, type Setting } from '../material';
import { drain, spreadOverCores } from '../queue-load';

const WARM_UP = 20;
const BARE_CLIPS = 50;
const LIMIT_SEC = 3600;

/** (g) A whole archive through one worker, beside the bare pipeline on the same clips before and after it. */
export async function measureArchive(
  setting: Setting,
  { archiveEntries }: { archiveEntries: number },
): Promise<PartResult> {
  const pipeline = startPipeline(setting, coreCount() - 1);
  const system = await startSystem({ store: 'folder', workers: 1 });
  try {
    spreadOverCores(system, coreCount());
    await drain(system, WARM_UP);
    await pipeline.measure(SHORT_CLIP, WARM_UP);
    const before = await pipeline.measure(SHORT_CLIP, BARE_CLIPS);
    const cost = await costOf(() => analyseArchive(system, archiveEntries), [system.workers[0].pid]);
    const after = await pipeline.measure(SHORT_CLIP, BARE_CLIPS);
    const clips = 2 * BARE_CLIPS;
    const [rate, bareRate] = [archiveEntries / cost.wallSec, clips / (before.wallSec + after.wallSec)];
    const bareCpuSec = (before.cpuSec + after.cpuSec) / clips;
    const share = { what: 'g: of the bare pipeline', value: (100 * rate) / bareRate, unit: '%' };
    return {
      figures: [
        { what: `g: an archive of ${archiveEntries}, one worker`, value: rate, unit: 'entries/s' },
        { what: 'g: the bare pipeline', value: bareRate, unit: 'clips/s' },
        { ...share, atLeast: 85 },
        {
          what: 'g: the same in processor time',
          value: (100 * bareCpuSec) / (cost.cpuSec / archiveEntries),
          unit: '%',
        },
      ],
      details: { cost, before, after },
    };
  } finally {
    pipeline.end();
    await system.stop();
  }
}

/** From its upload to the end of its last entry. */
async function analyseArchive({ url }: System, count: number): Promise<void> {
  const clip = distinctClips();
  const names = Array.from({ length: count }, (_unused, number) => `${number}.wav`);
  const batches = batchCaller(url);
  const { id } = await batches.create(zipOf(names.map((name) => ({ name, data: clip() }))), 'clips.zip');
  const { status, counters } = await batches.ended(id, LIMIT_SEC);
  if (counters.succeeded !== count) throw new Error(`${status}: ${JSON.stringify(counters)}`);
}
