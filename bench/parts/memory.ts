import { readFileSync } from 'node:fs';
import { startSystem, type System } from '../../tests/system';
import { startPipeline } from '../bare-pipeline';
import { coreCount } from '../cpu-time';
import type { Figure, PartResult } from '../figure';
import type { Material, Setting } from '../material';
import { drain } from '../queue-load';
import { slope } from '../statistics';

const PORTIONS = 10;
const WARM_UP = 100;
/** Of fewer jobs a straight line tells of chance rather than of growth: it is shown and not held against the limit. */
const TELLING_JOBS = 1000;

/** (e) Memory over the length of a file, and over thousands of jobs in one worker. */
export async function measureMemory(
  setting: Setting,
  material: Material,
  { durationsSec, enduranceJobs }: { durationsSec: readonly number[]; enduranceJobs: number },
): Promise<PartResult> {
  const figures: Figure[] = [];
  for (const durationSec of durationsSec) {
    const clip = material.mp3(durationSec);
    const pipeline = startPipeline(setting, coreCount() - 1);
    const run = await pipeline.measure(clip, 1).finally(() => pipeline.end());
    figures.push(
      { what: `e: peak RSS, ${durationSec} s of MP3`, value: run.peakRssMiB, unit: 'MiB', atMost: 300 },
      { what: `e: longest turn, ${durationSec} s`, value: run.longestBlockMs, unit: 'ms', atMost: 50 },
    );
  }
  const system = await startSystem({ store: 'folder', workers: 1 });
  try {
    await drain(system, WARM_UP);
    const points: [jobs: number, mib: number][] = [];
    for (let portion = 0; portion < PORTIONS; portion++) {
      await drain(system, enduranceJobs / PORTIONS);
      points.push([((portion + 1) * enduranceJobs) / PORTIONS, workerRssMiB(system)]);
    }
    const [first, last] = [points[0][1], points[points.length - 1][1]];
    figures.push(
      { what: `e: worker after ${enduranceJobs} jobs`, value: last, unit: 'MiB', atMost: 300 },
      { what: 'e: more than after the first tenth by', value: last - first, unit: 'MiB', atMost: 15 },
      {
        ...{ what: 'e: growth over all', value: growthOf(points), unit: 'MiB/1,000 jobs' },
        ...(enduranceJobs >= TELLING_JOBS && { atMost: 2 }),
      },
    );
    return { figures, details: { points } };
  } finally {
    await system.stop();
  }
}

/** Slope of the straight line through the second half: what goes on growing once all is warm. */
function growthOf(points: readonly (readonly [number, number])[]): number {
  const late = points.slice(points.length >> 1);
  const [jobs, mib] = [0, 1].map((axis) => late.reduce((sum, point) => sum + point[axis], 0) / late.length);
  return 1000 * slope(late.map(([x, y]) => [x - jobs, y - mib] as const));
}

function workerRssMiB({ workers: [worker] }: System): number {
  const status = readFileSync(`/proc/${worker.pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
