import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of several machines may lie beside each other on a shared disk; only one's own processes are known. */
const machine = hostname()
  .replace(/[^A-Za-z0-9.]/g, '')
  .slice(0, 64);
const PREFIX = `bonafide-worker-${machine}-`;
const NAME = /^(\d+)-[A-Za-z0-9]{6}$/;

/** A folder of this process alone, named so that others can tell when its process is gone. */
export async function makeWorkFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** Removes the folders of processes of this machine that were killed. @returns how many */
export async function removeDeadWorkFolders(ownFolder: string): Promise<number> {
  let removed = 0;
  for (const entry of await readdir(tmpdir())) {
    if (!entry.startsWith(PREFIX)) continue;
    const [, pid] = NAME.exec(entry.slice(PREFIX.length)) ?? [];
    const path = join(tmpdir(), entry);
    if (pid === undefined || path === ownFolder || isRunning(Number(pid))) continue;
    await rm(path, { recursive: true, force: true });
    removed++;
  }
  return removed;
}

/** Our own number in another folder's name: of a process before us, as happens in containers. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
