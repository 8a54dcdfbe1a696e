import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(__dirname, '../..');

export function fixture(name: string): string {
  return join(ROOT, 'tests/fixtures', name);
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'bonafide-test-'));
}

/** The fixture again and again in one file: long enough to be interrupted. */
export async function repeated(name: string, times: number): Promise<string> {
  const path = join(await temporaryFolder(), 'repeated.flac');
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  const input = ['-stream_loop', String(times - 1), '-i', fixture(name)];
  await promisify(execFile)(program, ['-v', 'error', '-nostdin', ...input, path]);
  return path;
}
