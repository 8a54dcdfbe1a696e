import { readFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Ensemble } from '@bonafide/contracts';
import { loadDetector } from '@bonafide/pipeline';
import { collectSeldom, readConfig } from '@bonafide/platform';
import { costOf } from '../cpu-time';

const SAMPLING_MS = 5;

/** What is asked of it: the same clip so many times, one after the other. */
export type PipelineTask = { clip: string; times: number; ensemble: Ensemble };

export type PipelineRun = {
  timesMs: number[];
  wallSec: number;
  cpuSec: number;
  /** Since it started. */
  peakRssMiB: number;
  longestBlockMs: number;
};

/** `pipeline.ts MODELS FFMPEG`: the pipeline without any service, which answers each task that its parent sends. */
function run([modelsDir, ffmpegPath]: readonly string[]): void {
  collectSeldom();
  const { warmUpRounds } = readConfig().workers;
  const loading = loadDetector({ modelsDir, ffmpegPath, warmUpRounds });
  const answer = async ({ clip, times, ensemble }: PipelineTask) => {
    const detector = await loading;
    const filename = path.basename(clip);
    process.send!(await measured(times, () => detector.detect(clip, { filename, ensemble })));
  };
  process.on('message', (task: PipelineTask) => void answer(task));
  process.on('disconnect', () => void loading.then((detector) => detector.close()));
}

async function measured(times: number, work: () => Promise<unknown>): Promise<PipelineRun> {
  const delay = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  const timesMs: number[] = [];
  delay.enable();
  const cost = await costOf(async () => {
    for (let round = 0; round < times; round++) {
      const startMs = performance.now();
      await work();
      timesMs.push(performance.now() - startMs);
    }
  });
  delay.disable();
  const longestBlockMs = Math.max(0, delay.max / 1e6 - SAMPLING_MS);
  return { timesMs, ...cost, peakRssMiB: peakRssKib() / 1024, longestBlockMs };
}

/** Of this program alone, where the system says it: getrusage begins with the size of the process that started it. */
function peakRssKib(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]);
}

run(process.argv.slice(2));
