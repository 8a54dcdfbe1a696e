import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeAudio, speechWindows } from '../../packages/pipeline/src';
import { createAnalysis } from '../../packages/pipeline/src/features/analysis';
import { BIN_COUNT, BIN_HZ } from '../../packages/pipeline/src/features/frame-grid';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const CLIP = path.join(__dirname, '..', 'fixtures', 'fake-en.wav');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-bandwidth-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function firstWindow(file: string): Promise<Float32Array> {
  const { frames } = await decodeAudio(file, { ffmpegPath: FFMPEG, maxDurationSec: 60, timeoutSec: 30 });
  async function* firstChannel() {
    for await (const [first] of frames) yield first;
  }
  for await (const window of speechWindows(firstChannel())) return window.samples;
  throw new Error('No window');
}

function stored(name: string, ...args: string[]): string {
  const file = path.join(folder, name);
  execFileSync(FFMPEG, ['-nostdin', '-loglevel', 'error', '-i', CLIP, ...args, file]);
  return file;
}

test('When a clip fills the band, then it is left as it is', async () => {
  expect(createAnalysis()(await firstWindow(CLIP)).bandwidthBin).toBe(BIN_COUNT - 1);
});

test('When a clip came over the telephone, then what lies above its bandwidth is filled to the level below', async () => {
  const file = stored('telephone.wav', '-ar', '8000', '-c:a', 'pcm_mulaw');
  const { bandwidthBin, power, activeFrames, activeCount } = createAnalysis()(await firstWindow(file));
  const edgeHz = bandwidthBin * BIN_HZ;
  expect(edgeHz).toBeGreaterThan(3300);
  expect(edgeHz).toBeLessThan(4200);
  const levelDb = (fromHz: number, toHz: number): number => {
    const [from, to] = [Math.round(fromHz / BIN_HZ), Math.round(toHz / BIN_HZ)];
    let sum = 0;
    for (let i = 0; i < activeCount; i++) {
      for (let k = from; k < to; k++) sum += power[activeFrames[i] * BIN_COUNT + k];
    }
    return 10 * Math.log10(sum / activeCount / (to - from));
  };
  const below = levelDb(edgeHz - 500, edgeHz - 150);
  expect(Math.abs(levelDb(5000, 6000) - below)).toBeLessThan(3);
  expect(Math.abs(levelDb(6500, 7500) - below)).toBeLessThan(3);
});
