import { startSystem, type System } from '../../tests/system';
import { coreCount } from '../cpu-time';
import type { Figure, PartResult } from '../figure';
import { drain, spreadOverCores } from '../queue-load';
import { slope } from '../statistics';

const WARM_UP_EACH = 20;
const TURNS = 4;

type Measured = { workers: number; system: System; jobs: number; wallSec: number };

/** (d) Jobs a second over the number of worker processes, each with its ffmpeg on one core; all numbers in turn. */
export async function measureWorkers(
  counts: readonly number[],
  { queuedJobs }: { queuedJobs: number },
): Promise<PartResult> {
  const all: Measured[] = [];
  try {
    for (const workers of counts) {
      const system = await startSystem({ store: 'folder', workers });
      all.push({ workers, system, jobs: 0, wallSec: 0 });
      spreadOverCores(system, coreCount());
      await drain(system, WARM_UP_EACH * workers);
    }
    for (let turn = 0; turn < TURNS; turn++)
      for (const measured of all) await goOn(measured, Math.ceil(queuedJobs / TURNS));
  } finally {
    for (const { system } of all) await system.stop();
  }
  const rates = all.map(({ workers, jobs, wallSec }) => [workers, jobs / wallSec] as const);
  return { figures: figuresOf(rates), details: { rates } };
}

async function goOn(measured: Measured, jobsOfOne: number): Promise<void> {
  const jobs = jobsOfOne * Math.min(measured.workers, coreCount());
  const { wallSec } = await drain(measured.system, jobs);
  measured.jobs += jobs;
  measured.wallSec += wallSec;
}

function figuresOf(rates: readonly (readonly [workers: number, rate: number])[]): Figure[] {
  const figures: Figure[] = rates.map(([workers, rate]) => ({
    what: `d: ${workers} worker${workers > 1 ? 's' : ''}`,
    value: rate,
    unit: 'jobs/s',
  }));
  const [[, one]] = rates;
  const two = rates.find(([workers]) => workers === 2)?.[1];
  if (two !== undefined && coreCount() >= 2)
    figures.push({ what: 'd: two workers against one', value: two / one, unit: '×', atLeast: 1.8 });
  const withinCores = rates.filter(([workers]) => workers <= coreCount());
  const perWorker = slope(withinCores) / one;
  figures.push({ what: `d: slope up to ${coreCount()} cores`, value: perWorker, unit: 'workers a worker' });
  return figures;
}
