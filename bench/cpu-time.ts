import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const TICKS_A_SEC = 100;

/**
 * Processor seconds that a process has used, with the children that it has seen end (ffmpeg, above all). From
 * /proc, in steps of 10 ms; this process's own part exactly.
 */
export function cpuSecOf(pid: number): number {
  const [user, system, childUser, childSystem] = readTimes(pid);
  if (pid !== process.pid) return user + system + childUser + childSystem;
  const own = process.cpuUsage();
  return (own.user + own.system) / 1e6 + childUser + childSystem;
}

/** utime, stime, cutime and cstime of /proc/PID/stat; NaN for others' and 0 for children's where there is none. */
function readTimes(pid: number): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold spaces; the times are the 14th to the 17th field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields.slice(11, 15).map((ticks) => Number(ticks) / TICKS_A_SEC);
  } catch {
    return [Number.NaN, Number.NaN, 0, 0];
  }
}

export const cpuSecOfAll = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuSecOf(pid), 0);

export type Cost = { wallSec: number; cpuSec: number };

/** What `work` takes of the clock, and of the processors in the named processes and their children. */
export async function costOf(
  work: () => Promise<unknown>,
  pids: readonly number[] = [process.pid],
): Promise<Cost> {
  const [startMs, startCpuSec] = [performance.now(), cpuSecOfAll(pids)];
  await work();
  return { wallSec: (performance.now() - startMs) / 1000, cpuSec: cpuSecOfAll(pids) - startCpuSec };
}

export const coreCount = (): number => cpus().length;
