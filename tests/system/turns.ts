import { readFileSync } from 'node:fs';

/**
 * Processor time that the event loop's own thread has had: a busy machine does not show in it, nor do the
 * compiler's and the garbage collector's threads. Where the system does not say, that of the whole process.
 */
function loopCpuMs(): number {
  if (process.platform !== 'linux') return process.cpuUsage().user / 1000;
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
}

/** Processor time between neighbouring turns of the event loop while `work` runs, longest first. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number[]> {
  const turns: number[] = [];
  let isOver = false;
  let lastMs = loopCpuMs();
  const watch = (): void => {
    const nowMs = loopCpuMs();
    turns.push(nowMs - lastMs);
    lastMs = nowMs;
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  await work();
  isOver = true;
  return turns.sort((a, b) => b - a);
}
