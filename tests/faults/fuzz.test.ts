import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ERROR_CATALOGUE, MediaError } from '@bonafide/contracts';
import { decodeAudio, loadDetector, type Detector } from '@bonafide/pipeline';
import { commandLines, createRandom, fixture, ROOT, until } from '../system';
import { damaged } from './mutations';
import { isFull, scaled } from './scale';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_124);
const INPUTS = Number(process.env.FUZZ_INPUTS ?? scaled(150, 6_000));
const LONGEST_MS = 20_000;
/** In short it is over by then, on however slow a machine. */
const SHORT_MS = 15_000;
/** Every so many, the whole analysis is run, and the input is tried again for the same answer. */
const [WHOLE_EVERY, AGAIN_EVERY] = [15, 10];
/** An encoder each, for one second and a half of speech. */
const FORMATS: [name: string, args: string[]][] = [
  ['wav', ['-c:a', 'pcm_s16le']],
  ['f32.wav', ['-c:a', 'pcm_f32le', '-ac', '2']],
  ['adpcm.wav', ['-c:a', 'adpcm_ms']],
  ['flac', []],
  ['mp3', ['-b:a', '64k']],
  ['vorbis.ogg', ['-c:a', 'libvorbis']],
  ['opus.ogg', ['-c:a', 'libopus', '-ar', '48000']],
  ['m4a', ['-c:a', 'aac']],
  ['alac.m4a', ['-c:a', 'alac']],
  ['aac', ['-c:a', 'aac']],
  ['webm', ['-c:a', 'libopus', '-ar', '48000']],
  ['mkv', ['-c:a', 'ac3', '-ar', '48000']],
  ['ac3', ['-c:a', 'ac3', '-ar', '48000']],
  ['wma', ['-c:a', 'wmav2']],
  ['avi', ['-c:a', 'pcm_s16le']],
  ['ts', ['-c:a', 'mp2', '-ar', '48000']],
  ['aiff', []],
  ['au', []],
  ['caf', ['-c:a', 'pcm_s16be']],
  ['w64', []],
  ['wv', ['-c:a', 'wavpack']],
  ['tta', []],
];

let folder: string;
let detector: Detector;
let files: Buffer[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-fuzz-'));
  const input = ['-ss', '0.5', '-t', '1.5', '-i', fixture('real-en-3s.wav')];
  files = FORMATS.map(([name, args]) => {
    const file = path.join(folder, `seed.${name}`);
    execFileSync(FFMPEG, ['-nostdin', '-v', 'error', '-y', ...input, ...args, file]);
    return readFileSync(file);
  });
  files.push(...['real-fr.amr', 'real-it-video.mp4'].map((name) => readFileSync(fixture(name))));
  detector = await loadDetector({
    modelsDir: process.env.MODELS_DIR ?? path.join(ROOT, 'models'),
    ffmpegPath: FFMPEG,
  });
});
afterAll(async () => {
  await detector?.close();
  rmSync(folder, { recursive: true });
});

/** A code, or what came of it; anything else that is thrown is a fault of ours. */
async function answerTo(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MediaError && error.code in ERROR_CATALOGUE && error.status < 500) return error.code;
    throw error;
  }
}

async function decoded(file: string): Promise<string> {
  const audio = await decodeAudio(file, { ffmpegPath: FFMPEG, maxDurationSec: 60, timeoutSec: 10 });
  let samples = 0;
  for await (const [first] of audio.frames) samples += first.length;
  return `${samples} samples`;
}

async function analysed(file: string): Promise<string> {
  const report = await detector.detect(file, { filename: 'x', maxDurationSec: 60, timeoutSec: 10 });
  expect(Number.isFinite(report.p_fake)).toBe(true);
  return 'report';
}

const openFiles = (): number => readdirSync('/proc/self/fd').length;
const decodersLeft = (): number => commandLines().filter((line) => line.includes(folder)).length;

test(`When up to ${INPUTS} damaged files are sent, then each gets a stable answer in time, and nothing is left behind`, async () => {
  const chance = createRandom(SEED);
  const before = openFiles();
  const codes = new Map<string, number>();
  const beganAllMs = performance.now();
  const isTime = (): boolean => isFull || performance.now() - beganAllMs < SHORT_MS;
  for (let n = 0; n < INPUTS && isTime(); n++) {
    const { index, bytes } = damaged(files, chance);
    const file = path.join(folder, `input-${n}`);
    writeFileSync(file, bytes);
    const beganMs = performance.now();
    try {
      const answer = await answerTo(() => decoded(file));
      const kind = answer.replace(/^\d+ /, '');
      codes.set(kind, (codes.get(kind) ?? 0) + 1);
      if (n % AGAIN_EVERY === 0) expect(await answerTo(() => decoded(file))).toBe(answer);
      if (n % WHOLE_EVERY === 0) await answerTo(() => analysed(file));
      expect(performance.now() - beganMs).toBeLessThan(LONGEST_MS);
    } catch (error) {
      throw new Error(
        `input ${n} of seed ${SEED} (${FORMATS[index]?.[0] ?? 'fixture'}, ${bytes.length} bytes)`,
        { cause: error },
      );
    }
    rmSync(file);
  }
  expect([...codes.keys()].length).toBeGreaterThan(2);
  await until('no decoder is left', () => decodersLeft() === 0);
  expect(openFiles() - before).toBeLessThan(10);
  if (INPUTS > 1000) console.log(Object.fromEntries(codes));
}, 1_800_000);
