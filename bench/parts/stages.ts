import {
  createExtractor,
  decodeAudio,
  loadDetector,
  measureQuality,
  resample,
  speechWindows,
  WINDOW_SPEC,
  type Detector,
  type Window,
} from '@bonafide/pipeline';
import { type AnalysedWindow, scoreClip } from '../../packages/pipeline/src/clip-score';
import { createAnalysis } from '../../packages/pipeline/src/features/analysis';
import { FEATURE_VERSION, FEATURES } from '../../packages/pipeline/src/features/table';
import { readBundle } from '../../packages/pipeline/src/inference/bundle';
import { openMembers } from '../../packages/pipeline/src/inference/members';
import { createWindowScorer } from '../../packages/pipeline/src/window-scores';
import { costOf } from '../cpu-time';
import type { Figure, PartResult } from '../figure';
import type { Setting } from '../material';
import { median } from '../statistics';

const LIMITS = { maxDurationSec: 4 * 3600, timeoutSec: 600 };

/** Place of the features among the stages, behind their spectra. */
const FEATURES_AT = 4;

type Stage = readonly [name: string, run: () => Promise<unknown>];

/** (b) Each stage of minutes of MP3 alone, then all together: processor time, ffmpeg's included. */
export async function measureStages(
  setting: Setting,
  mp3: string,
  { durationSec, rounds }: { durationSec: number; rounds: number },
): Promise<PartResult> {
  const detector = await loadDetector(setting);
  const stages = await stagesOf(setting, detector, mp3);
  const seconds: number[] = [];
  for (const [, run] of stages) seconds.push(await medianCpuSec(run, rounds));
  // Features are measured with the spectra that they come from.
  seconds[FEATURES_AT] -= seconds[FEATURES_AT - 1];
  const inAll = seconds.reduce((sum, value) => sum + value, 0);
  const figures: Figure[] = stages.map(([name], i) => ({
    what: `b: ${name} (${Math.round((100 * seconds[i]) / inAll)} %)`,
    value: durationSec / seconds[i],
    unit: '× real time',
  }));
  for (const [ensemble, atLeast] of [
    ['classic', 200],
    ['full', 20],
  ] as const) {
    if (detector.manifest.ensembles[ensemble] === undefined) continue;
    const together = () => detector.detect(mp3, { filename: 'speech.mp3', ensemble });
    const value = durationSec / (await medianCpuSec(together, rounds));
    figures.push({ what: `b: all together, ${ensemble} ensemble`, value, unit: '× real time', atLeast });
  }
  await detector.close();
  return { figures, details: { durationSec, stages: stages.map(([name], i) => [name, seconds[i]]) } };
}

async function medianCpuSec(run: () => Promise<unknown>, rounds: number): Promise<number> {
  await run();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push((await costOf(run)).cpuSec);
  return median(times);
}

async function stagesOf(setting: Setting, detector: Detector, mp3: string): Promise<Stage[]> {
  const { manifest } = detector;
  const blocks = await decode(setting, mp3);
  const all = await windowsOf(blocks);
  const windows = all.filter((window) => window.samples.length > 0);
  const extractor = createExtractor(manifest.features.map(({ name }) => name));
  const analyze = createAnalysis();
  const rows = windows.map(({ samples }) => extractor.extract(samples));
  const features = new Set(FEATURES.map(({ name }) => name));
  const members = await openMembers(
    await readBundle(setting.modelsDir, {
      features,
      featureVersion: FEATURE_VERSION,
      sampleRateHz: manifest.sample_rate,
    }),
  );
  const score = (names: readonly string[]) => async () => {
    const scorer = createWindowScorer(members, new Set(names));
    const analysed: AnalysedWindow[] = windows.map((window) => ({ ...window, logits: null, distance: 0 }));
    for (const [index, { samples }] of windows.entries()) {
      const waveformAt = (rateHz: number) => resample(samples, manifest.sample_rate, rateHz);
      const heard = await scorer.hear(waveformAt);
      await scorer.add(rows[index], heard, (logits) => (analysed[index].logits = logits));
    }
    await scorer.flush();
    return analysed;
  };
  const names = (kind: 'features' | 'heard') =>
    manifest.members
      .filter((member) => (member.kind === 'features') === (kind === 'features'))
      .map(({ name }) => name);
  const scored = await score(manifest.ensembles[manifest.default_ensemble].fusion.members)();
  const spectra = async () => windows.forEach(({ samples }) => analyze(samples));
  const measures = async () => windows.forEach(({ samples }) => extractor.extract(samples));
  return [
    ['decode', () => decode(setting, mp3)],
    ['trim, level, windows', () => windowsOf(blocks)],
    ['quality', async () => windows.forEach((window) => measureQuality(window))],
    ['frames and spectra', spectra],
    ['features from them', measures],
    ['inference, classic members', score(names('features'))],
    ['inference, members that hear', score(names('heard'))],
    ['fusion', async () => scoreClip(scored, manifest, manifest.default_ensemble)],
  ];
}

async function decode({ ffmpegPath }: Setting, clip: string): Promise<Float32Array[]> {
  const blocks: Float32Array[] = [];
  for await (const [block] of (await decodeAudio(clip, { ffmpegPath, ...LIMITS })).frames) blocks.push(block);
  return blocks;
}

async function windowsOf(blocks: readonly Float32Array[]): Promise<Window[]> {
  const windows: Window[] = [];
  for await (const window of speechWindows(stream(blocks), WINDOW_SPEC)) windows.push(window);
  return windows;
}

async function* stream(blocks: readonly Float32Array[]): AsyncIterable<Float32Array> {
  yield* blocks;
}
