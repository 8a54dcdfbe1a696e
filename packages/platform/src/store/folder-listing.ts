import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from './faults';
import type { ObjectInfo } from './object-store';

/** Keys below the folder that begin with `prefix` and come behind `after`, in order, one folder at a time. */
export async function* listFolder(root: string, prefix: string, after: string): AsyncIterable<ObjectInfo> {
  yield* walk(root, '', prefix, after);
}

async function* walk(root: string, base: string, prefix: string, after: string): AsyncIterable<ObjectInfo> {
  for (const name of await namesIn(join(root, base))) {
    const isFolder = name.endsWith('/');
    const key = base + name;
    if (isFolder) {
      const isBehind = key > after || after.startsWith(key);
      const isWanted = key.startsWith(prefix) || prefix.startsWith(key);
      if (isWanted && isBehind) yield* walk(root, key, prefix, after);
    } else if (key.startsWith(prefix) && key > after) {
      const info = await stat(join(root, key)).catch(ignoreGone);
      if (info) yield { key, bytes: info.size, modifiedAt: info.mtime };
    }
  }
}

/** Folders with the slash that follows them in a key, so that sorting names sorts keys. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ignoreGone);
  return (entries ?? [])
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Others remove while we list. */
function ignoreGone(error: unknown): null {
  if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return null;
  throw error;
}

/** Removes the files of one folder that nobody wrote to since. @returns how many there were */
export async function removeOldFiles(folder: string, before: Date): Promise<number> {
  let removed = 0;
  for (const name of (await readdir(folder).catch(ignoreGone)) ?? []) {
    const path = join(folder, name);
    const info = await stat(path).catch(ignoreGone);
    if (!info || info.mtime >= before) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}
