import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createExtractor, decodeAudio, FEATURES, SELECTED, speechWindows } from '../../packages/pipeline/src';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const CLIP = path.join(__dirname, '..', 'fixtures', 'real-en.wav');
const extractor = createExtractor(SELECTED);
let folder: string;

/** Features of the windows that a file begins with. */
async function rowsOf(file: string): Promise<Float32Array[]> {
  const { frames } = await decodeAudio(file, { ffmpegPath: FFMPEG, maxDurationSec: 60, timeoutSec: 30 });
  async function* firstChannel() {
    for await (const [first] of frames) yield first;
  }
  const rows: Float32Array[] = [];
  for await (const { samples } of speechWindows(firstChannel())) {
    if (samples.length > 0) rows.push(extractor.extract(samples));
  }
  return rows;
}

function variant(name: string, ...args: string[]): string {
  const file = path.join(folder, name);
  execFileSync(FFMPEG, ['-nostdin', '-loglevel', 'error', '-i', CLIP, ...args, file]);
  return file;
}

let original: Float32Array;
/** Typical size of each feature's differences between clips: what a shift is measured by. */
let spread: Float64Array;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-features-'));
  [original] = await rowsOf(CLIP);
  const rows = [original];
  for (const name of ['fake-en.ogg', 'real-es.ogg', 'fake-ja.mp3', 'real-ru.mp3']) {
    rows.push((await rowsOf(path.join(__dirname, '..', 'fixtures', name)))[0]);
  }
  spread = Float64Array.from(SELECTED, (_, i) => {
    const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length;
    return Math.sqrt(rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / rows.length) + 1e-9;
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Root mean square over features of the first window's shift, in units of their spread. */
async function shift(file: string): Promise<number> {
  const [row] = await rowsOf(file);
  return Math.sqrt(
    SELECTED.reduce((sum, _, i) => sum + ((original[i] - row[i]) / spread[i]) ** 2, 0) / SELECTED.length,
  );
}

test('When the same speech is quieter, then its features do not move', async () => {
  expect(await shift(variant('quiet.wav', '-af', 'volume=-15dB', '-c:a', 'pcm_f32le'))).toBeLessThan(1e-3);
});

test('When it is stored in another lossless container, then its features do not move', async () => {
  expect(await shift(variant('same.flac'))).toBe(0);
  expect(await shift(variant('same.mka', '-c:a', 'pcm_s16le'))).toBe(0);
});

test('When silence is put before it, then its features hardly move', async () => {
  expect(await shift(variant('late.wav', '-af', 'adelay=1370'))).toBeLessThan(0.13);
});

test.each([22_050, 24_000, 44_100, 48_000])(
  'When it is stored at %i Hz without loss, then its features hardly move',
  async (rateHz) => {
    expect(await shift(variant(`at-${rateHz}.wav`, '-ar', String(rateHz), '-c:a', 'pcm_f32le'))).toBeLessThan(
      0.1,
    );
  },
);

describe('When the table of features is read', () => {
  test('then names are unique, told in words, and hold the selected 154', () => {
    const names = FEATURES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(SELECTED).toHaveLength(154);
    expect(SELECTED.filter((name) => !names.includes(name))).toEqual([]);
    for (const { name, title, definition, unit, help } of FEATURES) {
      expect(name).toMatch(/^[a-z0-9_]+$/);
      expect([title, definition, unit, help].every((words) => words.length > 0)).toBe(true);
    }
  });

  test('then the order of names is the order of columns', () => {
    const samples = Float32Array.from({ length: 30_000 }, (_, i) => Math.sin(i / 20) * Math.sin(i / 3000));
    const [forth, back] = [
      ['mfcc_03_std', 'f0_std', 'band_2_mean'],
      ['band_2_mean', 'f0_std', 'mfcc_03_std'],
    ];
    expect([...createExtractor(back).extract(samples)].reverse()).toEqual([
      ...createExtractor(forth).extract(samples),
    ]);
  });

  test('then a name that it does not hold is refused', () => {
    expect(() => createExtractor(['loudness_of_bark'])).toThrow(/loudness_of_bark/);
  });
});

test.each([
  ['silence', () => 0],
  ['a single click', (i: number) => (i === 20_000 ? 1 : 0)],
  ['a constant', () => 0.5],
  ['a pure tone', (i: number) => Math.sin(i / 10)],
  ['full-scale squares', (i: number) => (i % 100 < 50 ? 1 : -1)],
])('When a window holds only %s, then every feature is finite', (_, sampleAt) => {
  const everything = createExtractor(FEATURES.map(({ name }) => name));
  for (const length of [0, 500, 11_025, 88_200]) {
    const row = everything.extract(Float32Array.from({ length }, (__, i) => sampleAt(i)));
    expect(row.every(Number.isFinite)).toBe(true);
  }
});
