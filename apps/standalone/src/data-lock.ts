import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type Holder = { pid: number; bornAt: string | undefined; address: string };

/** Somebody else's launcher works on this data folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  constructor(holder: Holder, dataDir: string) {
    super(`bonafide already runs on ${dataDir} (process ${holder.pid}): ${holder.address}`);
  }
}

/** Nothing can be written there. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable';
  constructor(folder: string, { message }: Error) {
    super(`The data folder cannot be used (DATA_DIR): ${folder}: ${message}`);
  }
}

/** @throws DataFolderUnusable */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new DataFolderUnusable(folder, error as Error);
  }
}

/**
 * Takes the data folder for this process; a lock whose process is gone is taken over.
 * @returns how to give the folder back
 * @throws DataFolderInUse while its holder lives; DataFolderUnusable where it cannot be written to
 */
export function lockDataFolder(dataDir: string, address: string): () => void {
  const file = path.join(dataDir, 'standalone.lock');
  const own: Holder = { pid: process.pid, bornAt: birthOf(process.pid), address };
  const holder = readHolder(file);
  if (holder && isAlive(holder)) throw new DataFolderInUse(holder, dataDir);
  rmSync(file, { force: true });
  try {
    writeFileSync(file, JSON.stringify(own), { flag: 'wx' });
  } catch (error) {
    throw new DataFolderUnusable(dataDir, error as Error);
  }
  return () => rmSync(file, { force: true });
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** A process id is used again after a restart of the machine, so the time of birth must agree as well. */
const isAlive = (holder: Holder): boolean =>
  birthOf(holder.pid) !== undefined && birthOf(holder.pid) === holder.bornAt;

/** When a process began, in whatever form the system tells it; undefined if there is none. */
function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')')).split(' ')[20];
  } catch {
    return birthByPs(pid);
  }
}

function birthByPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return undefined;
  }
}
