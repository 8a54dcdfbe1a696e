import { batchCaller, startSystem, zipOf } from '../../tests/system';
import { runPipeline } from '../bare-pipeline';
import { coreCount, costOf } from '../cpu-time';
import { distinctClips } from '../distinct-clips';
import type { PartResult } from '../figure';
import { SHORT_CLIP, type Setting } from '../material';
import { drain, spreadOverCores } from '../queue-load';

const WARM_UP = 20;
const BARE_CLIPS = 100;
const LIMIT_SEC = 3600;

/** (g) A whole archive through one worker, beside the bare pipeline on the same clips. */
export async function measureArchive(
  setting: Setting,
  { archiveEntries }: { archiveEntries: number },
): Promise<PartResult> {
  const core = coreCount() - 1;
  const bare = await runPipeline(setting, { clip: SHORT_CLIP, times: BARE_CLIPS, core });
  const system = await startSystem({ store: 'folder', workers: 1 });
  try {
    spreadOverCores(system, coreCount());
    await drain(system, WARM_UP);
    const clip = distinctClips();
    const entries = Array.from({ length: archiveEntries }, (_unused, number) => ({
      name: `${number}.wav`,
      data: clip(),
    }));
    const batches = batchCaller(system.url);
    const archive = zipOf(entries);
    const cost = await costOf(async () => {
      const { id } = await batches.create(archive, 'clips.zip');
      const { status, counters } = await batches.ended(id, LIMIT_SEC);
      if (counters.succeeded !== archiveEntries) throw new Error(`${status}: ${JSON.stringify(counters)}`);
    }, [system.workers[0].pid]);
    const [rate, bareRate] = [archiveEntries / cost.wallSec, BARE_CLIPS / bare.wallSec];
    const share = { what: 'g: of the bare pipeline', value: (100 * rate) / bareRate, unit: '%' };
    return {
      figures: [
        { what: `g: an archive of ${archiveEntries}, one worker`, value: rate, unit: 'entries/s' },
        { what: 'g: the bare pipeline', value: bareRate, unit: 'clips/s' },
        { ...share, atLeast: 85 },
        {
          what: 'g: the same in processor time',
          value: (100 * (bare.cpuSec / BARE_CLIPS)) / (cost.cpuSec / archiveEntries),
          unit: '%',
        },
      ],
      details: { cost, bare: { wallSec: bare.wallSec, cpuSec: bare.cpuSec } },
    };
  } finally {
    await system.stop();
  }
}
