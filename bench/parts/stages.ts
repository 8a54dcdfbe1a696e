import {
  createExtractor,
  decodeAudio,
  loadDetector,
  speechWindows,
  WINDOW_SPEC,
  type Detector,
  type Window,
} from '@bonafide/pipeline';
import { resample } from '@bonafide/pipeline';
import { readBundle } from '../packages/pipeline/src/inference/bundle';
import { openMembers } from '../packages/pipeline/src/inference/members';
import { FEATURES } from '../packages/pipeline/src/features/table';
import { createWindowScorer } from '../packages/pipeline/src/window-scores';

export type Setting = { modelsDir: string; ffmpegPath: string };
export type Stage = { name: string; timesRealTime: number };

const ROUNDS = 5;
const LIMITS = { maxDurationSec: 4 * 3600, timeoutSec: 600 };

/** Median speed of each stage alone and of all together, in seconds of sound a second. */
export async function measureStages(setting: Setting, clip: string, clipSec: number): Promise<Stage[]> {
  const detector = await loadDetector(setting);
  const channel = await decode(setting, clip);
  const windows = await windowsOf(channel);
  const rows = extractAll(detector, windows);
  const score = await createScoring(setting, detector, windows, rows);
  const stages: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
    ['decode', () => decode(setting, clip)],
    ['trim, level, windows', () => windowsOf(channel)],
    ['features', async () => extractAll(detector, windows)],
    ['inference, all members', score],
    ['together', () => detector.detect(clip, { filename: 'speech.wav' })],
  ];
  const results: Stage[] = [];
  for (const [name, run] of stages) results.push({ name, timesRealTime: clipSec / (await medianSec(run)) });
  await detector.close();
  return results;
}

async function medianSec(run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now();
    await run();
    times.push((performance.now() - startMs) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}

async function decode({ ffmpegPath }: Setting, clip: string): Promise<Float32Array[]> {
  const blocks: Float32Array[] = [];
  for await (const [block] of (await decodeAudio(clip, { ffmpegPath, ...LIMITS })).frames) blocks.push(block);
  return blocks;
}

async function windowsOf(blocks: readonly Float32Array[]): Promise<Window[]> {
  const windows: Window[] = [];
  for await (const window of speechWindows(stream(blocks), WINDOW_SPEC)) windows.push(window);
  return windows.filter((window) => window.samples.length > 0);
}

async function* stream(blocks: readonly Float32Array[]): AsyncIterable<Float32Array> {
  yield* blocks;
}

function extractAll({ manifest }: Detector, windows: readonly Window[]): Float32Array[] {
  const extractor = createExtractor(manifest.features.map(({ name }) => name));
  return windows.map(({ samples }) => extractor.extract(samples));
}

async function createScoring(
  { modelsDir }: Setting,
  { manifest }: Detector,
  windows: readonly Window[],
  rows: readonly Float32Array[],
): Promise<() => Promise<void>> {
  const features = new Set(FEATURES.map(({ name }) => name));
  const members = await openMembers(
    await readBundle(modelsDir, { features, sampleRateHz: manifest.sample_rate }),
  );
  const used = new Set(manifest.ensembles[manifest.default_ensemble].fusion.members);
  return async () => {
    const scorer = createWindowScorer(members, used);
    for (const [index, { samples }] of windows.entries())
      await scorer.add(
        rows[index],
        (rateHz) => resample(samples, manifest.sample_rate, rateHz),
        () => undefined,
      );
    await scorer.flush();
  };
}
