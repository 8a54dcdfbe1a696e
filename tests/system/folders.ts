import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(__dirname, '../..');

export function fixture(name: string): string {
  return join(ROOT, 'tests/fixtures', name);
}

const made: string[] = [];

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bonafide-test-'));
  made.push(folder);
  return folder;
}

/** Removes what `temporaryFolder` made in this process, and nothing else. */
export async function removeTemporaryFolders(): Promise<void> {
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** The fixture again and again in one file: long enough to be interrupted. */
export async function repeated(name: string, times: number): Promise<string> {
  const path = join(await temporaryFolder(), 'repeated.flac');
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  const input = ['-stream_loop', String(times - 1), '-i', fixture(name)];
  await promisify(execFile)(program, ['-v', 'error', '-nostdin', ...input, path]);
  return path;
}
