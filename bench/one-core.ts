import { execFileSync } from 'node:child_process';

/** Keeps this process and all that it starts on one core, where the system can; says what it did. */
export function stayOnOneCore(): string {
  try {
    execFileSync('taskset', ['-a', '-cp', '0', String(process.pid)], { stdio: 'ignore' });
    return 'one core, decoding included';
  } catch {
    return 'one process; ffmpeg may use another core (no taskset here)';
  }
}
