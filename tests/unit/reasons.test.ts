import path from 'node:path';
import { readConfig } from '@bonafide/platform';
import { decodeAudio } from '../../packages/pipeline/src/audio/decode';
import { speechWindows } from '../../packages/pipeline/src/audio/windows';
import { attribute } from '../../packages/pipeline/src/ensemble/attribution';
import { fuseLogits } from '../../packages/pipeline/src/ensemble/fusion';
import { createExtractor } from '../../packages/pipeline/src/features/extractor';
import { FEATURE_VERSION, FEATURES } from '../../packages/pipeline/src/features/table';
import { readBundle } from '../../packages/pipeline/src/inference/bundle';
import { type LoadedMembers, openMembers } from '../../packages/pipeline/src/inference/members';
import { createExplainer } from '../../packages/pipeline/src/reasons';
import { scoreRows } from '../../packages/pipeline/src/window-scores';
import { rankCorrelation } from './rank-correlation';

const { modelsDir, ffmpegPath = 'ffmpeg' } = readConfig().analysis;
const program = {
  features: new Set(FEATURES.map(({ name }) => name)),
  featureVersion: FEATURE_VERSION,
  sampleRateHz: 22_050,
};
const PERMUTATIONS = 60;
const WHOLE_HZ = 11_025;

/** A small generator of its own, so that every run sees the same numbers (Park and Miller 1988). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

async function firstRow(file: string, names: readonly string[]): Promise<Float32Array> {
  const { frames } = await decodeAudio(file, { ffmpegPath, maxDurationSec: 60, timeoutSec: 60 });
  const mono = async function* () {
    for await (const [samples] of frames) yield samples;
  };
  for await (const { samples } of speechWindows(mono())) {
    if (samples.length > 0) return createExtractor(names).extract(samples);
  }
  throw new Error(`nobody speaks in ${file}`);
}

/** Shapley values by sampled permutations (Strumbelj and Kononenko 2014), absent features at the mean. */
async function sampledShapley(
  row: Float32Array,
  means: Float32Array,
  score: (rows: Float32Array[]) => Promise<number[]>,
): Promise<number[]> {
  const random = createRandom(11);
  const values = new Array<number>(row.length).fill(0);
  for (let round = 0; round < PERMUTATIONS; round++) {
    const keyed = Array.from(row, (_, index) => ({ index, key: random() })).sort((a, b) => a.key - b.key);
    const order = keyed.map(({ index }) => index);
    const present = means.slice();
    const rows = [means, ...order.map((index) => ((present[index] = row[index]), present.slice()))];
    const scores = await score(rows);
    order.forEach((index, i) => (values[index] += (scores[i + 1] - scores[i]) / PERMUTATIONS));
  }
  return values;
}

describe('reasons of the shipped bundle', () => {
  let members: LoadedMembers;
  afterAll(() => members.close());

  test('When a window is explained, then its reasons carry the sign and nearly the weight of the Shapley values', async () => {
    const bundle = await readBundle(modelsDir, program);
    const { manifest } = bundle;
    members = await openMembers(bundle);
    const explain = await createExplainer(manifest, members);
    const names = manifest.features.map(({ name }) => name);
    const means = Float32Array.from(manifest.features, ({ mean }) => mean);
    const { fusion } = manifest.ensembles.classic;
    const score = async (rows: readonly Float32Array[]) =>
      (await scoreRows(members, new Set(fusion.members), rows)).map((logits) => fuseLogits(logits, fusion));
    for (const [fixture, side] of [
      ['real-en-3s.wav', 'real'],
      ['fake-ja.mp3', 'fake'],
    ] as const) {
      const row = await firstRow(path.join(__dirname, '../fixtures', fixture), names);
      const shapley = await sampledShapley(row, means, score);
      const reasons = await explain({ row, result: side, ensemble: 'classic', bandwidthHz: WHOLE_HZ });
      expect(reasons.length).toBeGreaterThanOrEqual(5);
      const signed = reasons.map(
        (reason) => shapley[names.indexOf(reason.feature)] * (reason.direction === 'fake' ? 1 : -1),
      );
      expect(signed.filter((value) => value > 0).length / signed.length).toBeGreaterThanOrEqual(0.8);
      const strongest = (values: number[]) =>
        values
          .map(Math.abs)
          .sort((a, b) => b - a)
          .slice(0, 5);
      const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
      expect(total(strongest(signed)) / total(strongest(shapley))).toBeGreaterThan(0.6);
      const every = { standard: row, maxFeatures: row.length, isTold: () => true };
      const effects = { up: Array.from(row, () => 1), down: Array.from(row, () => 1) };
      const moved = await attribute({ row, means, effects, ...every }, score);
      expect(
        rankCorrelation(
          moved.map(({ weight }) => weight),
          moved.map(({ index }) => shapley[index]),
        ),
      ).toBeGreaterThan(0.95);
    }
  }, 120_000);

  test('When a recording came by telephone, then no reason speaks of frequencies that it does not have', async () => {
    const bundle = await readBundle(modelsDir, program);
    const explain = await createExplainer(bundle.manifest, members);
    const names = bundle.manifest.features.map(({ name }) => name);
    const row = await firstRow(path.join(__dirname, '../fixtures/real-fr.amr'), names);
    const bandOf = (feature: string) => FEATURES.find(({ name }) => name === feature)?.bandHz ?? [0, 0];
    const isAbove = ({ feature }: { feature: string }) =>
      (bandOf(feature)[0] + bandOf(feature)[1]) / 2 >= 4000;
    const told = (bandwidthHz: number) => explain({ row, result: 'real', ensemble: 'classic', bandwidthHz });
    expect((await told(WHOLE_HZ)).some(isAbove)).toBe(true);
    const reasons = await told(4000);
    expect(reasons.filter(isAbove)).toEqual([]);
    expect(reasons.length).toBeGreaterThanOrEqual(5);
  });
});
