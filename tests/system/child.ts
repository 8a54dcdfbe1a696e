import { spawn } from 'node:child_process';

export type Child = {
  pid: number;
  /** Everything it wrote so far. */
  output(): string;
  exited: Promise<number | NodeJS.Signals>;
  /** Sends the signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
};

/** A real process of its own; it ends with the test process at the latest. */
export function startChild(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Child {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0));
  });
  exited.catch(() => undefined);
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    pid: child.pid as number,
    output: () => chunks.join(''),
    exited,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const result = await exited;
      process.off('exit', kill);
      return result;
    },
  };
}
