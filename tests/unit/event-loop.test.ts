import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadDetector } from '../../packages/pipeline/src';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const CLIP_SEC = 60;
/**
 * The promise is 50 ms. What is counted here is processor time of the whole process, so that a busy machine
 * does not show; the compiler's and the garbage collector's threads do.
 */
const MOST_CPU_MS = 100;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-turns-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Processor time between neighbouring turns of the event loop while `work` runs, longest first. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number[]> {
  const turns: number[] = [];
  let isOver = false;
  let last = process.cpuUsage();
  const watch = (): void => {
    const { user, system } = process.cpuUsage(last);
    turns.push((user + system) / 1000);
    last = process.cpuUsage();
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  await work();
  isOver = true;
  return turns.sort((a, b) => b - a);
}

test('When a minute of speech is analysed, then no step holds the event loop for long', async () => {
  const clip = path.join(folder, 'minute.flac');
  const speech = path.join(__dirname, '../fixtures/call-two-channels.flac');
  const args = ['-nostdin', '-loglevel', 'error', '-stream_loop', '-1', '-i', speech, '-t', String(CLIP_SEC)];
  execFileSync(FFMPEG, [...args, clip]);
  const modelsDir = path.join(__dirname, '../../models');
  const detector = await loadDetector({ modelsDir, ffmpegPath: FFMPEG });
  const analyse = () => detector.detect(clip, { filename: 'minute.flac', ensemble: 'classic' });
  const [cold, warm] = [await turnsDuring(analyse), await turnsDuring(analyse)];
  await detector.close();
  expect(warm.length).toBeGreaterThan(2 * CLIP_SEC);
  expect(Math.min(cold[0], warm[0])).toBeLessThan(MOST_CPU_MS);
});
