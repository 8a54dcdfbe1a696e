import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ensemble } from '@bonafide/contracts';
import { LEAN_PROCESS } from '@bonafide/platform';
import type { Setting } from './material';
import { keepToCore } from './one-core';
import { programOf } from './program';
import type { PipelineRun } from './programs/pipeline';

type Asked = { clip: string; times: number; core: number; ensemble?: Ensemble };

/** The pipeline in a process of its own, started as a worker is, on one core, ffmpeg included. */
export async function runPipeline(
  { modelsDir, ffmpegPath }: Setting,
  { clip, times, core, ensemble = 'full' }: Asked,
): Promise<PipelineRun> {
  const { execArgv, env: lean } = LEAN_PROCESS;
  const args = [...execArgv, ...programOf('pipeline'), modelsDir, ffmpegPath, clip, String(times), ensemble];
  const running = promisify(execFile)(process.execPath, args, { env: { ...process.env, ...lean } });
  if (running.child.pid !== undefined) keepToCore(core, running.child.pid);
  return JSON.parse((await running).stdout) as PipelineRun;
}
