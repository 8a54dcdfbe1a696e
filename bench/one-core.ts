import { execFileSync } from 'node:child_process';

/** Keeps a process, its threads and all that it starts from now on to one core; false where the system cannot. */
export function keepToCore(core: number | string, pid: number = process.pid): boolean {
  try {
    execFileSync('taskset', ['-a', '-cp', String(core), String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
