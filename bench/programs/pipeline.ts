import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Ensemble } from '@bonafide/contracts';
import { loadDetector } from '@bonafide/pipeline';
import { collectSeldom, readConfig } from '@bonafide/platform';
import { costOf } from '../cpu-time';
import { distinctClips } from '../distinct-clips';

const WARM_UP = 20;
const SAMPLING_MS = 5;

/** What the bare pipeline answers to `pipeline.ts MODELS FFMPEG CLIP TIMES ENSEMBLE`. */
export type PipelineRun = {
  timesMs: number[];
  wallSec: number;
  cpuSec: number;
  peakRssMiB: number;
  longestBlockMs: number;
};

/** The same clip again and again in one process, without any service: prints a PipelineRun as JSON. */
async function run([modelsDir, ffmpegPath, clip, times, ensemble]: readonly string[]): Promise<void> {
  collectSeldom();
  const folder = await mkdtemp(path.join(tmpdir(), 'bonafide-bench-'));
  const { warmUpRounds } = readConfig().workers;
  const detector = await loadDetector({ modelsDir, ffmpegPath, warmUpRounds });
  const next = distinctClips(clip);
  const isMany = Number(times) > 1;
  const analyse = async () => {
    const file = path.join(folder, 'clip');
    if (isMany) writeFileSync(file, next());
    await detector.detect(isMany ? file : clip, {
      filename: path.basename(clip),
      ensemble: ensemble as Ensemble,
    });
  };
  if (isMany) for (let round = 0; round < WARM_UP; round++) await analyse();
  const delay = monitorEventLoopDelay({ resolution: SAMPLING_MS });
  const timesMs: number[] = [];
  delay.enable();
  const cost = await costOf(async () => {
    for (let round = 0; round < Number(times); round++) {
      const startMs = performance.now();
      await analyse();
      timesMs.push(performance.now() - startMs);
    }
  });
  delay.disable();
  await detector.close();
  await rm(folder, { recursive: true });
  const peakRssMiB = peakRssKib() / 1024;
  const longestBlockMs = Math.max(0, delay.max / 1e6 - SAMPLING_MS);
  const answer: PipelineRun = { timesMs, ...cost, peakRssMiB, longestBlockMs };
  console.log(JSON.stringify(answer));
}

/** Of this program alone, where the system says it: getrusage begins with the size of the process that started it. */
function peakRssKib(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]);
}

void run(process.argv.slice(2));
