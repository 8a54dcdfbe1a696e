import { Queue } from 'bullmq';
import type { System } from '../tests/system';
import { costOf, type Cost } from './cpu-time';
import { distinctClips } from './distinct-clips';
import { keepToCore } from './one-core';

const PREFIX = '{bonafide}';
const AT_ONCE = 8;
const LOOK_MS = 5;

/** Fills the queue while it stands still, then lets it go: what the workers take until the last job is done. */
export async function drain(system: System, jobs: number): Promise<Cost> {
  const queue = new Queue('analyses', { connection: system.redis, prefix: PREFIX });
  await queue.pause();
  await submitAll(system, jobs);
  const pids = system.workers.map(({ pid }) => pid);
  const work = async () => {
    await queue.resume();
    await emptied(queue);
  };
  const cost = await costOf(work, pids);
  await queue.close();
  return cost;
}

/** Each worker and what it starts on a core of its own, as far as there are cores; the last one first. */
export function spreadOverCores(system: System, cores: number): void {
  system.workers.forEach(({ pid }, number) => keepToCore(cores - 1 - (number % cores), pid));
}

async function submitAll(system: System, count: number): Promise<void> {
  const clip = distinctClips();
  let left = count;
  const submitOn = async () => {
    while (left-- > 0) {
      const content = new Blob([new Uint8Array(clip())]);
      await system.client.submit({ content, filename: 'clip.wav' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitOn));
}

async function emptied(queue: Queue): Promise<void> {
  for (;;) {
    const { wait, active, delayed } = await queue.getJobCounts('wait', 'active', 'delayed');
    if (wait + active + delayed === 0) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
