import { spawn, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { OwnLines } from './own-lines';

/** Address space: a decoder of sound needs a tenth of it. */
const MOST_MEMORY_KIB = 1536 * 1024;
const MOST_OPEN_FILES = 64;
const KEPT_REPORT_CHARACTERS = 32 * 1024;
const CHECK_CPU_SEC = 10;
/** What `nice` gives by itself. */
const NICENESS = 10;
const OUTPUT_DESCRIBED = /^Output #0/m;

/** What the shell answers for a program that is not there, or is none. */
const NOT_STARTED = [126, 127];

/** The decoder itself cannot be started, or is none: that is no fault of any recording. */
export class DecoderError extends Error {
  override readonly name = 'DecoderError';
  constructor(ffmpegPath: string) {
    super(`ffmpeg cannot be used as ${ffmpegPath} (FFMPEG_PATH)`);
  }
}

export interface FfmpegProcess {
  readonly stdout: Readable;
  /** What it has said for itself so far on its standard error; nothing of what it quotes from the file. */
  report(): string;
  /** Resolves once it has described the file and what it makes of it, or has ended. */
  readonly described: Promise<void>;
  /** Resolves with the exit code, null where it was killed. @throws DecoderError where it could not be started */
  readonly exited: Promise<number | null>;
  /** Ends it and all that it started. */
  kill(): void;
}

/** Not every system knows every limit; one that cannot be set is gone without. */
const limitsFor = (cpuSec: number): string =>
  [`-t ${cpuSec}`, `-v ${MOST_MEMORY_KIB}`, `-n ${MOST_OPEN_FILES}`, '-f 0', '-c 0']
    .map((limit) => `ulimit ${limit} 2>/dev/null`)
    .join('; ');

/**
 * Starts ffmpeg in a process group of its own, with limits on processor time, memory and open files
 * and without the right to write any file: a crafted file can then neither outlive its job, exhaust the machine
 * nor leave anything on it. Its environment holds nothing of ours, and no proxy. On a core that it shares with us it
 * stands back: what its threads hand on waits in the pipe, and we are to answer.
 */
export function startFfmpeg(
  ffmpegPath: string,
  args: readonly string[],
  limits: { cpuSec: number },
): FfmpegProcess {
  const script = `${limitsFor(Math.ceil(limits.cpuSec))}; exec "$0" "$@"`;
  const child: ChildProcess = spawn('/bin/sh', ['-c', script, ffmpegPath, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin', LC_ALL: 'C', AV_LOG_FORCE_NOCOLOR: '1' },
  });
  standBack(child.pid);
  const said = new OwnLines(KEPT_REPORT_CHARACTERS);
  let describe = (): void => {};
  const described = new Promise<void>((resolve) => (describe = resolve));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.add(text);
    if (said.isFull || OUTPUT_DESCRIBED.test(said.text)) describe();
  });
  child.stderr?.once('close', () => describe());
  child.once('error', () => describe());
  const exited = new Promise<number | null>((resolve, reject) => {
    const notStarted = () => reject(new DecoderError(ffmpegPath));
    child.once('error', notStarted);
    child.once('close', (code) => (NOT_STARTED.includes(Number(code)) ? notStarted() : resolve(code)));
  });
  exited.catch(() => undefined);
  return {
    stdout: child.stdout as Readable,
    report: () => said.text,
    described,
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

/** Nothing to do for what could not be started, or has ended. */
function standBack(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, NICENESS);
  } catch {
    // It ended in between.
  }
}

/** Has it say its version: another program that starts and ends is no decoder. @throws DecoderError */
export async function checkDecoder(ffmpegPath: string): Promise<void> {
  const ffmpeg = startFfmpeg(ffmpegPath, ['-version'], { cpuSec: CHECK_CPU_SEC });
  const said = await text(ffmpeg.stdout);
  if ((await ffmpeg.exited) !== 0 || !said.startsWith('ffmpeg version')) throw new DecoderError(ffmpegPath);
}
