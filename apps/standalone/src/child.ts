import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { EXIT_UNUSABLE } from '@bonafide/platform';

export type ChildSpec = {
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Node children get a channel to the launcher, by whose end they notice that it is gone. */
  channel: 'ipc' | 'none';
};

export type Surroundings = {
  logsDir: string;
  say: (line: string) => void;
  /** Told of a child that says it would fail again, and why; answers whether it is to be started all the same. */
  startsAgain: (why: string) => boolean;
};

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** A child that lived this long was well: its next restart is quick again. */
const SETTLED_MS = 30_000;
/** Of the end of a log, to find its last line in. */
const LOOKED_AT_BYTES = 16_384;

/** A process that is kept running until it is told to stop. */
export class SupervisedChild {
  private process: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  private stopping = false;
  private delayMs = FIRST_DELAY_MS;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly spec: ChildSpec,
    private readonly surroundings: Surroundings,
  ) {}

  private get logFile(): string {
    return path.join(this.surroundings.logsDir, `${this.spec.name}.log`);
  }

  /** Its output goes to a log file; its own process group keeps Ctrl-C for the launcher to pass on. */
  start(): void {
    const { command, args, env, channel } = this.spec;
    const log = openLog(this.logFile);
    const startedAt = Date.now();
    const stdio = ['ignore' as const, log, log, ...(channel === 'ipc' ? (['ipc'] as const) : [])];
    const child = spawn(command, args, { env, stdio, detached: true });
    if (log !== 'ignore') closeSync(log);
    this.process = child;
    this.ended = new Promise((resolve) => {
      const end = (reason: string, code: number | null = null): void => {
        resolve();
        if (this.stopping || this.process !== child) return;
        this.process = undefined;
        if (code === EXIT_UNUSABLE && !this.surroundings.startsAgain(lastLine(this.logFile))) return;
        this.startAgain(reason, startedAt);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`, code));
    });
  }

  private startAgain(reason: string, startedAt: number): void {
    if (Date.now() - startedAt > SETTLED_MS) this.delayMs = FIRST_DELAY_MS;
    const { name } = this.spec;
    const wait = `starting it again in ${this.delayMs / 1000} s`;
    this.surroundings.say(
      `${name} ended (${reason}), ${wait}. Last in ${this.logFile}: ${lastLine(this.logFile)}`,
    );
    this.timer = setTimeout(() => this.start(), this.delayMs);
    this.delayMs = Math.min(2 * this.delayMs, LONGEST_DELAY_MS);
  }

  /** Asks the child to end, insists after `graceMs`, and resolves when it is gone. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    this.process?.kill('SIGTERM');
    const insist = setTimeout(() => this.killGroup(), graceMs);
    await this.ended;
    clearTimeout(insist);
  }

  /** The child and whatever it started. */
  killGroup(): void {
    if (this.process?.pid === undefined) return;
    try {
      process.kill(-this.process.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}

/** A disk without room for another file keeps nobody from being started again. */
function openLog(file: string): number | 'ignore' {
  try {
    return openSync(file, 'a');
  } catch {
    return 'ignore';
  }
}

/** The last line of a log, as far as it fits a terminal; '' where the log was taken away. However long the log is. */
function lastLine(file: string): string {
  try {
    const log = openSync(file, 'r');
    try {
      const end = Buffer.alloc(LOOKED_AT_BYTES);
      const from = Math.max(0, fstatSync(log).size - LOOKED_AT_BYTES);
      const text = end.toString('utf8', 0, readSync(log, end, 0, LOOKED_AT_BYTES, from));
      return text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
    } finally {
      closeSync(log);
    }
  } catch {
    return '';
  }
}
