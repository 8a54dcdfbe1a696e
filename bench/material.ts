import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const FIXTURES = path.join(__dirname, '../tests/fixtures');
export const SHORT_CLIP = path.join(FIXTURES, 'real-en-3s.wav');

export type Material = {
  speech: string;
  speechSec: number;
  long: (durationSec: number) => string;
  remove(): void;
};

/** Recordings made of the fixtures: two minutes of lossless speech, and hours of MP3 on demand. */
export function makeMaterial(ffmpegPath: string): Material {
  const folder = mkdtempSync(path.join(tmpdir(), 'bonafide-bench-'));
  const repeat = (fixture: string, durationSec: number, file: string, ...options: string[]): string => {
    const output = path.join(folder, file);
    const input = ['-stream_loop', '-1', '-i', path.join(FIXTURES, fixture)];
    const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y'];
    execFileSync(ffmpegPath, [...quiet, ...input, '-t', String(durationSec), ...options, output]);
    return output;
  };
  const speechSec = 120;
  return {
    speech: repeat('real-it.flac', speechSec, 'speech.wav'),
    speechSec,
    long: (durationSec) => repeat('real-ru.mp3', durationSec, 'long.mp3', '-c', 'copy'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
