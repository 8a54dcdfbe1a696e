import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Report } from '@bonafide/contracts';
import { type Detector, loadDetector } from '../../packages/pipeline/src';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const fixtures = path.join(__dirname, '..', 'fixtures');
const SPEECH = ['real-en.wav', 'fake-en.wav'] as const;
const TELEPHONE = path.join(fixtures, 'real-fr.amr');
/** Of more than one window, and no longer than it takes to say something of each. */
const SPEECH_SEC = 5;
const plain = new Map<string, Report>();
let folder: string;
let detector: Detector;

const cut = (name: string) => path.join(folder, name);

function ffmpeg(...args: readonly string[]): void {
  execFileSync(FFMPEG, ['-nostdin', '-loglevel', 'error', ...args]);
}

async function judge(clip: string): Promise<Report> {
  return detector.detect(clip, { filename: path.basename(clip) });
}

async function shiftOf(clip: string, name: string, args: readonly string[]): Promise<number> {
  const file = path.join(folder, `${path.parse(clip).name}-${name}`);
  ffmpeg('-i', clip, ...args, file);
  return Math.abs((await judge(file)).p_fake - plain.get(clip)!.p_fake);
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-scores-'));
  detector = await loadDetector({ modelsDir: path.join(__dirname, '../../models'), ffmpegPath: FFMPEG });
  for (const name of SPEECH) {
    ffmpeg('-i', path.join(fixtures, name), '-t', String(SPEECH_SEC), path.join(folder, name));
  }
  for (const clip of [...SPEECH.map(cut), TELEPHONE]) plain.set(clip, await judge(clip));
}, 60_000);
afterAll(async () => {
  await detector.close();
  rmSync(folder, { recursive: true });
});

describe.each(SPEECH)('When the same speech of %s is handed in otherwise', (name) => {
  test.each([
    ['quieter', 'quiet.wav', ['-af', 'volume=-14dB']],
    ['much quieter', 'far.wav', ['-af', 'volume=-30dB:precision=float', '-c:a', 'pcm_f32le']],
    ['after silence', 'late.wav', ['-af', 'adelay=1370']],
    ['at 16 kHz', '16k.wav', ['-ar', '16000']],
    ['at 44.1 kHz', '44k.wav', ['-ar', '44100']],
    ['at 48 kHz', '48k.wav', ['-ar', '48000']],
  ])('%s, then its score moves by less than 0.02', async (_, variant, args) => {
    expect(await shiftOf(cut(name), variant, args)).toBeLessThan(0.02);
  });

  test.each([
    ['FLAC', 'same.flac', []],
    ['Matroska', 'same.mka', ['-c:a', 'pcm_s16le']],
    ['AIFF', 'same.aiff', []],
  ])('as %s, then its score is the same', async (_, variant, args) => {
    expect(await shiftOf(cut(name), variant, args)).toBeLessThan(0.001);
  });

  test.each([
    ['MP3', 'lossy.mp3', ['-b:a', '192k']],
    ['AAC', 'lossy.m4a', ['-b:a', '160k']],
    ['Opus', 'lossy.opus', ['-c:a', 'libopus', '-b:a', '96k']],
    ['Vorbis', 'lossy.ogg', ['-c:a', 'libvorbis', '-q:a', '6']],
  ])('as %s at a good rate, then its score moves by less than 0.1', async (_, variant, args) => {
    expect(await shiftOf(cut(name), variant, args)).toBeLessThan(0.1);
  });
});

/** What a decoder or a resampler leaves above 4 kHz is no sound, and rounding to 16 bits covers it. */
test.each([
  ['16 kHz', 'tel-16k.wav', ['-ar', '16000']],
  ['16 kHz, not rounded', 'tel-16kf.wav', ['-ar', '16000', '-c:a', 'pcm_f32le']],
  ['44.1 kHz, 24 bits', 'tel-44k.wav', ['-ar', '44100', '-c:a', 'pcm_s24le']],
])(
  'When speech from a telephone is kept at %s, then its score moves by less than 0.02',
  async (_, name, args) => {
    expect(await shiftOf(TELEPHONE, name, args)).toBeLessThan(0.02);
    expect(plain.get(TELEPHONE)?.quality.bandwidth_hz).toBeLessThanOrEqual(4000);
  },
);

test('When noise comes and goes as speech does, then it is said that nobody speaks', async () => {
  const file = path.join(folder, 'bursts.wav');
  const noise = 'anoisesrc=color=brown:duration=8:sample_rate=22050:amplitude=0.4:seed=5,tremolo=f=4:d=0.95';
  ffmpeg('-f', 'lavfi', '-i', noise, file);
  const { decision } = await judge(file);
  expect(decision).toMatchObject({ status: 'inconclusive', reasons: [{ code: 'no_speech', limit: 0.05 }] });
});
