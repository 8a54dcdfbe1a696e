import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';

const MAX_BYTES = 10 * 1024 ** 2;
/** Older ones beside the one that is written to: NAME.log.1 is the latest. */
const OLDER_FILES = 4;
const LOOK_MS = 5_000;

/** Keeps the logs of a folder from filling the disk. @returns how to stop */
export function keepLogsSmall(logsDir: string): () => void {
  const look = (): void => {
    for (const name of readdirSync(logsDir)) {
      if (name.endsWith('.log')) rotate(path.join(logsDir, name));
    }
  };
  const lookIfPossible = (): void => {
    try {
      look();
    } catch {
      // A disk without room for the copy: what is there stays, and the next look tries again.
    }
  };
  lookIfPossible();
  const timer = setInterval(lookIfPossible, LOOK_MS).unref();
  return () => clearInterval(timer);
}

/**
 * By copying and emptying: its writer keeps the file open and appends to it. What is written in the instant
 * between the two is lost.
 */
function rotate(file: string): void {
  if (statSync(file).size <= MAX_BYTES) return;
  const older = (n: number): string => `${file}.${n}`;
  let free = 1;
  while (free < OLDER_FILES && existsSync(older(free))) free++;
  // The oldest gives its room to the copy.
  for (let n = free; n > 1; n--) renameSync(older(n - 1), older(n));
  try {
    copyFileSync(file, older(1));
  } catch (error) {
    rmSync(older(1), { force: true });
    throw error;
  }
  truncateSync(file);
}
