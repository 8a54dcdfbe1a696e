import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import {
  constants,
  copyFile,
  link,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { listFolder, removeOldFiles } from './folder-listing';
import { isErrno, storeFault } from './faults';
import { assertKey, type ByteRange, type ObjectInfo, type ObjectStore } from './object-store';

/** Unfinished writes; a name that no key can begin with. */
const PARTIAL = '.partial';
/** Fails where the name is taken; on the disk when it is closed. */
const NEW_AND_FORCED = { flags: 'wx', flag: 'wx', flush: true, mode: 0o600 } as const;

/**
 * The store of one machine: a folder. A write goes to a temporary file, is forced to the disk and then
 * linked or renamed to its key, so that a cut in power leaves the old content or the new, never a part.
 */
export function createFolderStore(directory: string): ObjectStore {
  const pathOf = (key: string) => {
    assertKey(key);
    return join(directory, key);
  };
  return {
    put: (key, body) => guarded(() => write(directory, pathOf(key), body, replaceFile)).then(() => undefined),
    create: (key, body) => guarded(() => write(directory, pathOf(key), body, linkOnce)),
    read: (key) => guarded(() => orNull(readFile(pathOf(key)))),
    stream: (key, range) => guarded(() => openStream(pathOf(key), range)),
    fetch: (key, path) => guarded(() => fetchFile(pathOf(key), path)),
    head: (key) => guarded(() => headFile(key, pathOf(key))),
    copy: (from, to) => guarded(() => copyWithin(directory, pathOf(from), pathOf(to))),
    signPut: async () => null,
    removePartials: (before) => guarded(() => removeOldFiles(join(directory, PARTIAL), before)),
    remove: (key) => guarded(() => rm(pathOf(key), { force: true })),
    list: (prefix, after = '') => listFolder(directory, prefix, after),
    close: () => undefined,
  };
}

async function write(
  directory: string,
  target: string,
  body: Uint8Array | Readable,
  settle: (temporary: string, target: string) => Promise<'created' | 'exists'>,
) {
  const temporary = join(directory, PARTIAL, randomUUID());
  await Promise.all([
    mkdir(dirname(temporary), { recursive: true }),
    mkdir(dirname(target), { recursive: true }),
  ]);
  try {
    if (body instanceof Readable) await pipeline(body, createWriteStream(temporary, NEW_AND_FORCED));
    else await writeFile(temporary, body, NEW_AND_FORCED);
    const outcome = await settle(temporary, target);
    await syncDirectory(dirname(target));
    return outcome;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function replaceFile(temporary: string, target: string): Promise<'created'> {
  await rename(temporary, target);
  return 'created';
}

/** link(2) fails where the name is taken, which is the conditional create. */
async function linkOnce(temporary: string, target: string): Promise<'created' | 'exists'> {
  try {
    await link(temporary, target);
    return 'created';
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return 'exists';
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

async function openStream(path: string, range?: ByteRange): Promise<Readable | null> {
  const handle = await orNull(open(path, 'r'));
  return handle && createReadStream('', { fd: handle, start: range?.start, end: range?.end ?? Infinity });
}

/** A clone of the blocks where the file system can, else a copy. */
async function fetchFile(source: string, path: string): Promise<boolean> {
  const done = await orNull(copyFile(source, path, constants.COPYFILE_FICLONE).then(() => true));
  return done ?? false;
}

async function copyWithin(directory: string, source: string, target: string): Promise<boolean> {
  const temporary = join(directory, PARTIAL, randomUUID());
  const folders = [dirname(temporary), dirname(target)].map((path) => mkdir(path, { recursive: true }));
  await Promise.all(folders);
  try {
    if (!(await fetchFile(source, temporary))) return false;
    const handle = await open(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(temporary, target);
    await syncDirectory(dirname(target));
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function headFile(key: string, path: string): Promise<ObjectInfo | null> {
  const info = await orNull(stat(path));
  return info?.isFile() ? { key, bytes: info.size, modifiedAt: info.mtime } : null;
}

async function orNull<T>(operation: Promise<T>): Promise<T | null> {
  try {
    return await operation;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return null;
    throw error;
  }
}

async function guarded<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw storeFault(error);
  }
}
