import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const ROOT = path.join(__dirname, '../..');
const CLIP_SEC = 30;
const MOST_CPU_MS = 50;
const RUNS = 3;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-turns-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a process as the product's own: what runs the tests watches all that it runs, and takes three times as long. */
function turnsOf(program: string, ...given: readonly string[]): number[][] {
  const command = ['--conditions=source', '--import', 'tsx', path.join(ROOT, 'tests/system', program)];
  return JSON.parse(
    execFileSync(process.execPath, [...command, ...given], { encoding: 'utf8' }),
  ) as number[][];
}

test('When half a minute of speech is analysed, then no step holds the event loop for long', () => {
  const clip = path.join(folder, 'speech.flac');
  const speech = path.join(ROOT, 'tests/fixtures/call-two-channels.flac');
  const args = ['-nostdin', '-loglevel', 'error', '-stream_loop', '-1', '-i', speech, '-t', String(CLIP_SEC)];
  execFileSync(FFMPEG, [...args, clip]);
  const runs = turnsOf('event-loop-turns.ts', path.join(ROOT, 'models'), FFMPEG, clip, String(RUNS));
  expect(runs[0].length).toBeGreaterThan(2 * CLIP_SEC);
  expect(Math.min(...runs.map(([longest]) => longest))).toBeLessThan(MOST_CPU_MS);
});

test('When two hours have been heard, then no step of their scoring holds the event loop for long', () => {
  const runs = turnsOf('scoring-turns.ts', path.join(ROOT, 'models/bonafide-1'), '2', String(RUNS));
  expect(Math.min(...runs.map(([longest]) => longest))).toBeLessThan(MOST_CPU_MS);
});
