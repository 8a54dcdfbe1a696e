import { spawn } from 'node:child_process';
import type { Ensemble } from '@bonafide/contracts';
import { LEAN_PROCESS } from '@bonafide/platform';
import type { Setting } from './material';
import { keepToCore } from './one-core';
import { programOf } from './program';
import type { PipelineRun, PipelineTask } from './programs/pipeline';

export type BarePipeline = {
  /** Analyses a clip so many times, one after the other. @throws Error where the process ends instead */
  measure(clip: string, times: number, ensemble?: Ensemble): Promise<PipelineRun>;
  end(): void;
};

/** The pipeline in a process of its own, started as a worker is, on one core, ffmpeg included. */
export function startPipeline({ modelsDir, ffmpegPath }: Setting, core: number): BarePipeline {
  const { execArgv, env: lean } = LEAN_PROCESS;
  const child = spawn(process.execPath, [...execArgv, ...programOf('pipeline'), modelsDir, ffmpegPath], {
    env: { ...process.env, ...lean },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  keepToCore(core, child.pid);
  return {
    measure: (clip, times, ensemble = 'full') =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`the pipeline has ended with ${code}`));
        child.once('exit', ended);
        child.once('message', (run) => {
          child.off('exit', ended);
          resolve(run as PipelineRun);
        });
        child.send({ clip, times, ensemble } satisfies PipelineTask);
      }),
    end: () => child.disconnect(),
  };
}
