import { startSystem } from '../../tests/system';
import { coreCount } from '../cpu-time';
import type { Figure, PartResult } from '../figure';
import { drain, spreadOverCores } from '../queue-load';
import { slope } from '../statistics';

const WARM_UP_EACH = 20;

/** (d) Jobs a second over the number of worker processes, each with its ffmpeg on one core. */
export async function measureWorkers(
  counts: readonly number[],
  { queuedJobs }: { queuedJobs: number },
): Promise<PartResult> {
  const figures: Figure[] = [];
  const rates: [workers: number, rate: number][] = [];
  for (const workers of counts) {
    const system = await startSystem({ store: 'folder', workers });
    try {
      spreadOverCores(system, coreCount());
      await drain(system, WARM_UP_EACH * workers);
      const jobs = queuedJobs * Math.min(workers, coreCount());
      const rate = jobs / (await drain(system, jobs)).wallSec;
      rates.push([workers, rate]);
      figures.push({ what: `d: ${workers} worker${workers > 1 ? 's' : ''}`, value: rate, unit: 'jobs/s' });
    } finally {
      await system.stop();
    }
  }
  const [[, one]] = rates;
  const two = rates.find(([workers]) => workers === 2)?.[1];
  if (two !== undefined && coreCount() >= 2)
    figures.push({ what: 'd: two workers against one', value: two / one, unit: '×', atLeast: 1.8 });
  const withinCores = rates.filter(([workers]) => workers <= coreCount());
  const perWorker = slope(withinCores) / one;
  figures.push({ what: `d: slope up to ${coreCount()} cores`, value: perWorker, unit: 'workers a worker' });
  return { figures, details: { rates } };
}
