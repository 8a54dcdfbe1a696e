import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const FIXTURES = path.join(__dirname, '../tests/fixtures');
export const SHORT_CLIP = path.join(FIXTURES, 'real-en-3s.wav');

/** What every part measures with. */
export type Setting = { modelsDir: string; ffmpegPath: string };

export type Material = {
  folder: string;
  /** Minutes of speech as MP3. */
  mp3(durationSec: number): string;
  /** The same as 16-bit WAV at the rate of the analysis. */
  wav(durationSec: number): string;
  remove(): void;
};

/** Recordings made of the fixtures, as long as one likes: an audio book's voice, over and over. */
export function makeMaterial({ ffmpegPath }: Setting): Material {
  const folder = mkdtempSync(path.join(tmpdir(), 'bonafide-bench-'));
  const repeat = (fixture: string, durationSec: number, extension: string, ...options: string[]): string => {
    const output = path.join(folder, `${durationSec}.${extension}`);
    const input = ['-stream_loop', '-1', '-i', path.join(FIXTURES, fixture)];
    const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'];
    execFileSync(ffmpegPath, [...quiet, ...input, '-t', String(durationSec), ...options, output]);
    return output;
  };
  return {
    folder,
    mp3: (durationSec) => repeat('real-ru.mp3', durationSec, 'mp3', '-c', 'copy'),
    wav: (durationSec) => repeat('real-ru.mp3', durationSec, 'wav', '-ac', '1', '-ar', '22050'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
