import { readdir, stat } from 'node:fs/promises';
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
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(root, key, prefix, after);
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
