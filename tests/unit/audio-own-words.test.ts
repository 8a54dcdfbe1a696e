import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeAudio, type DecodeOptions } from '../../packages/pipeline/src';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const FIXTURES = path.join(__dirname, '..', 'fixtures');
const OPTIONS: DecodeOptions = { ffmpegPath: FFMPEG, maxDurationSec: 60, timeoutSec: 30 };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-words-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function made(name: string, content: Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function converted(name: string, ...args: string[]): string {
  const file = path.join(folder, name);
  execFileSync(FFMPEG, ['-nostdin', '-loglevel', 'error', '-y', ...args, file]);
  return file;
}

test('When name and tags of a whole file are worded as ffmpeg does, then they are not taken for its words', async () => {
  const line = '  Stream #0:0: Audio: opus, 48000 Hz, mono, fltp, 6 kb/s';
  const comment = ['\n', '\r', '\u2028'].map((end) => end + line).join('');
  const tags = [`comment=${comment}`, 'title=Invalid data found', `a\n${line}\nb=c`];
  const args = [path.join(FIXTURES, 'real-en.wav'), ...tags.flatMap((tag) => ['-metadata', tag])];
  const { source, frames, progress } = await decodeAudio(
    converted('partial file.mkv', '-i', ...args, '-c:a', 'flac'),
    OPTIONS,
  );
  for await (const block of frames) expect(block).toHaveLength(1);
  expect([source.codec, source.tracks, progress.isDamaged]).toEqual(['flac', 1, false]);
  expect(source.bitRate).toBeGreaterThan(100_000);
});

test('When a tag is longer than all that ffmpeg says, then what it says is heard to its end', async () => {
  const tags = ['-metadata', `comment=${'hello '.repeat(16_000)}`];
  const file = converted('tagged.flac', '-i', path.join(FIXTURES, 'real-en.wav'), ...tags);
  const bytes = readFileSync(file);
  bytes.fill(0, bytes.length - 60_000, bytes.length - 50_000);
  const { source, frames, progress } = await decodeAudio(made('damaged.flac', bytes), OPTIONS);
  for await (const block of frames) expect(block).toHaveLength(1);
  expect(source).toMatchObject({ codec: 'flac', sampleRateHz: 16_000, declaredSec: 9 });
  expect(progress.isDamaged).toBe(true);
});

test('When a file is called by a letter that ffmpeg uses, then its words are read all the same', async () => {
  const named = made('a', readFileSync(path.join(FIXTURES, 'real-it.flac')));
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { source, frames } = await decodeAudio(path.basename(named), OPTIONS);
    for await (const block of frames) expect(block).toHaveLength(1);
    expect(source.codec).toBe('flac');
  } finally {
    process.chdir(before);
  }
});
