import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isNamedAsSound } from '@bonafide/pipeline';

/**
 * The files to analyse, in the order given; those of a folder by name, folders within it too. What cannot be read
 * is among them. `leaveOut` is told of each file of a folder that is not named as recordings are.
 */
export async function listFiles(
  targets: readonly string[],
  leaveOut: (file: string) => void = () => undefined,
): Promise<string[]> {
  const files: string[] = [];
  for (const target of targets) {
    const info = await stat(target).catch(() => undefined);
    if (info?.isDirectory()) files.push(...(await mediaIn(target, leaveOut)));
    else files.push(target);
  }
  return files;
}

/** Links to files are taken as files; those to folders are left alone, for they may lead in circles. */
async function mediaIn(folder: string, leaveOut: (file: string) => void): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  // Named itself, so that whoever reads it says that it cannot be read.
  if (!entries) return [folder];
  const found: string[] = [];
  for (const entry of entries) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await mediaIn(place, leaveOut)));
    else if (entry.isFile() || (await isLinkToFile(entry, place))) {
      if (isNamedAsSound(entry.name)) found.push(place);
      else leaveOut(place);
    }
  }
  return found.sort();
}

/** One that leads nowhere counts: it was meant to be a file. */
async function isLinkToFile(entry: Dirent, place: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return false;
  return stat(place).then(
    (info) => info.isFile(),
    () => true,
  );
}
