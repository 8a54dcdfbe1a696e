/** Where things are; everything that set-up makes is under `.cache/` and may be deleted at any time. */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const cache = path.join(root, '.cache');
export const tools = path.join(cache, 'tools');
export const toolsBin = path.join(tools, 'bin');
export const staticFfmpeg = path.join(tools, 'ffmpeg');

/** Homebrew's and the system folders are searched even where the PATH of a new account lacks them. */
const EXTRA_FOLDERS = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin', '/usr/sbin'];

const searchPath = () => [...(process.env.PATH ?? '').split(path.delimiter), ...EXTRA_FOLDERS, toolsBin];

/** The full path of a program on PATH, in the usual folders or among our own tools; undefined if absent. */
export const findProgram = (name) =>
  searchPath()
    .map((folder) => path.join(folder, name))
    .find(isExecutable);

/** Lets the processes started from here use every program that findProgram finds. */
export function useFoundPrograms() {
  const quick = isExecutable(staticFfmpeg) ? staticFfmpeg : undefined;
  const ffmpeg = process.env.FFMPEG_PATH || quick || findProgram('ffmpeg');
  if (ffmpeg) process.env.FFMPEG_PATH = ffmpeg;
  process.env.PATH = [...new Set(searchPath())].join(path.delimiter);
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Whether the last successful step that left this file had the same inputs. */
export const isStamped = (file, digest) => existsSync(file) && readFileSync(file, 'utf8') === digest;

export function stamp(file, digest) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, digest);
}
