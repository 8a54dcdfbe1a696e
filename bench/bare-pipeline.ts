import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Setting } from './material';
import { keepToCore } from './one-core';
import { programOf } from './program';
import type { PipelineRun } from './programs/pipeline';

/** The pipeline in a process of its own on one core, ffmpeg included. */
export async function runPipeline(
  { modelsDir, ffmpegPath }: Setting,
  { clip, times, core }: { clip: string; times: number; core: number },
): Promise<PipelineRun> {
  const args = programOf('pipeline');
  const running = promisify(execFile)(process.execPath, [
    ...args,
    modelsDir,
    ffmpegPath,
    clip,
    String(times),
  ]);
  if (running.child.pid !== undefined) keepToCore(core, running.child.pid);
  return JSON.parse((await running).stdout) as PipelineRun;
}
