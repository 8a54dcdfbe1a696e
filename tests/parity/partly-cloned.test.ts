import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Ensemble, Report } from '@bonafide/contracts';
import { type Detector, loadDetector } from '@bonafide/pipeline';
import { readConfig } from '@bonafide/platform';
import { fixture } from '../system';

const ffmpegPath = process.env.FFMPEG_PATH ?? 'ffmpeg';
const PHRASE = { startSec: 5, endSec: 7 };

let detector: Detector;
let scratch: string;
beforeAll(async () => {
  detector = await loadDetector({ modelsDir: readConfig().analysis.modelsDir, ffmpegPath });
  scratch = await mkdtemp(path.join(tmpdir(), 'partly-'));
});
afterAll(async () => {
  await detector.close();
  await rm(scratch, { recursive: true });
});

const detect = (file: string, ensemble: Ensemble = 'full'): Promise<Report> =>
  detector.detect(file, { filename: path.basename(file), ensemble });

/** The first recording with two seconds of the second put in at PHRASE, both at one level and with one bandwidth. */
async function splice(whole: string, phrase: string): Promise<string> {
  const file = path.join(scratch, 'spliced.wav');
  const even = 'aresample=22050,aformat=channel_layouts=mono,loudnorm=I=-23,aresample=22050,lowpass=f=7000';
  const graph = [
    `[0:a]${even},asplit[a][b]`,
    `[a]atrim=0:${PHRASE.startSec}[before]`,
    `[b]atrim=${PHRASE.startSec},asetpts=PTS-STARTPTS[after]`,
    `[1:a]${even},atrim=1:3,asetpts=PTS-STARTPTS[phrase]`,
    '[before][phrase][after]concat=n=3:v=0:a=1',
  ].join(';');
  const inputs = ['-i', fixture(whole), '-i', fixture(phrase)];
  await promisify(execFile)(ffmpegPath, ['-v', 'error', '-y', ...inputs, '-filter_complex', graph, file]);
  return file;
}

describe('partly cloned recordings', () => {
  test('When two cloned seconds lie in a real recording, then it says so and where', async () => {
    const report = await detect(await splice('real-es.ogg', 'fake-de.m4a'));
    expect(report.partially_cloned).toBe(true);
    const cloned = report.segments.filter(({ verdict }) => verdict === 'CLONED');
    expect(cloned).toHaveLength(1);
    expect(Math.abs(cloned[0].start_sec - PHRASE.startSec)).toBeLessThanOrEqual(1.5);
    expect(Math.abs(cloned[0].end_sec - PHRASE.endSec)).toBeLessThanOrEqual(1.5);
  });

  test('When a recording is longer than a window, then its timeline has a border every half second, and no holes', async () => {
    const { windows } = await detect(fixture('partly-fake-en.flac'));
    for (const [at, { start_sec }] of windows.slice(1).entries()) {
      expect(start_sec).toBeCloseTo(windows[at].end_sec, 3);
      expect(start_sec).toBeCloseTo(0.5 * (at + 1), 3);
    }
    expect(windows.at(-1)!.end_sec).toBeGreaterThan(17.9);
  });

  test('When a twentieth of a second of silence lies before the same sound, then the same is told of it, later', async () => {
    const spliced = await splice('real-es.ogg', 'fake-de.m4a');
    const later = path.join(scratch, 'later.wav');
    const [silenceSec, delay] = [0.05, 'adelay=50:all=1'];
    await promisify(execFile)(ffmpegPath, ['-v', 'error', '-y', '-i', spliced, '-af', delay, later]);
    const [first, second] = [await detect(spliced), await detect(later)];
    const told = ({ segments }: Report, offsetSec: number) =>
      segments.map(({ start_sec, verdict }) => [Number((start_sec - offsetSec).toFixed(1)), verdict]);
    expect(told(second, silenceSec)).toEqual(told(first, 0));
    expect(second.windows.map(({ p_fake }) => p_fake)).toHaveLength(first.windows.length);
    for (const [at, { p_fake }] of second.windows.entries()) {
      expect(p_fake).toBeCloseTo(first.windows[at].p_fake!, 3);
    }
  });

  test('When real recordings are joined in the same way, then none of them is partly cloned', async () => {
    const report = await detect(await splice('real-it.flac', 'real-es.ogg'));
    expect(report.partially_cloned).toBe(false);
    expect(report.ensemble_result.verdict).toBe('AUTHENTIC');
  });

  test('When a recording turns from real to cloned, then both halves are told, by either ensemble', async () => {
    for (const ensemble of ['full', 'classic'] as const) {
      const { segments, partially_cloned } = await detect(fixture('partly-fake-en.flac'), ensemble);
      expect([ensemble, partially_cloned]).toEqual([ensemble, true]);
      expect([segments[0].verdict, segments.at(-1)!.verdict]).toEqual(['AUTHENTIC', 'CLONED']);
    }
  });

  test('When a recording is of one kind, then it is not partly cloned, and fits one window without a finer look', async () => {
    for (const name of ['real-it.flac', 'real-en.wav', 'fake-en.wav', 'fake-de.m4a']) {
      expect([name, (await detect(fixture(name))).partially_cloned]).toEqual([name, false]);
    }
    expect((await detect(fixture('real-en-3s.wav'))).windows).toHaveLength(1);
  });
});
