import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

const MOST_MEMORY_KIB = 2 * 1024 * 1024;
const KEPT_REPORT_BYTES = 32 * 1024;

export interface FfmpegProcess {
  readonly stdout: Readable;
  /** What it has said so far on its standard error. */
  report(): string;
  /** Resolves with the exit code, null where it was killed or could not be started. */
  readonly exited: Promise<number | null>;
  /** Ends it and all that it started. */
  kill(): void;
}

/**
 * Starts ffmpeg in a process group of its own, with limits on processor time and memory: a crafted
 * file can then neither outlive its job nor exhaust the machine.
 */
export function startFfmpeg(
  ffmpegPath: string,
  args: readonly string[],
  limits: { cpuSec: number },
): FfmpegProcess {
  const script = `ulimit -t ${Math.ceil(limits.cpuSec)}; ulimit -v ${MOST_MEMORY_KIB} 2>/dev/null; ulimit -c 0; exec "$0" "$@"`;
  const child: ChildProcess = spawn('/bin/sh', ['-c', script, ffmpegPath, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin', LC_ALL: 'C', AV_LOG_FORCE_NOCOLOR: '1' },
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < KEPT_REPORT_BYTES) said += text.slice(0, KEPT_REPORT_BYTES - said.length);
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
  return {
    stdout: child.stdout as Readable,
    report: () => said,
    exited,
    kill() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended between the check and the signal.
      }
    },
  };
}
