import { type Manifest, manifestSchema } from '@bonafide/contracts';
import { scoreClip } from '../../packages/pipeline/src/clip-score';
import { bestMember, percents } from '../../packages/pipeline/src/report';
import { WindowRows } from '../../packages/pipeline/src/window-rows';

const entry = (members: string[], correlation: number) => ({
  fusion: { members, weights: Object.fromEntries(members.map((name) => [name, 0.5])), intercept: 0 },
  pooling: { upper_quantile: 0.8, upper_weight: 0, calibration: { slope: 2, intercept: 1 }, correlation },
});
const manifest = {
  window_sec: 4,
  hop_sec: 2,
  members: [
    { name: 'svm', validation: { eer: 0.2 } },
    { name: 'xgboost', validation: { eer: 0.1 } },
    { name: 'neural', validation: { eer: 0.05 } },
  ],
  best_member: 'neural',
  ensembles: { full: entry(['svm', 'xgboost', 'neural'], 0.5), classic: entry(['svm', 'xgboost'], 1) },
  limits: { partial_contrast: 0.9, near_threshold: 0.6 },
} as unknown as Manifest;

const logitOf = (p: number) => Math.log(p / (1 - p));

describe('report', () => {
  test('When percentages are given, then they have three decimals and add up to 100 exactly', () => {
    for (let i = 0; i <= 100_000; i++) {
      const [fake, real] = percents(i / 100_000);
      if (fake + real !== 100) throw new Error(`${fake} + ${real}`);
      if (Number(fake.toFixed(3)) !== fake || Number(real.toFixed(3)) !== real)
        throw new Error(`${fake}, ${real}`);
    }
    expect(percents(0.99972449)).toEqual([99.972, 0.028]);
  });

  test('When the best member is not asked, then the best of those that are is named', () => {
    expect(bestMember(manifest, 'full')).toBe('neural');
    expect(bestMember(manifest, 'classic')).toBe('xgboost');
  });

  test('When windows are scored, then members are pooled by speech and the fusion is calibrated', async () => {
    const window = (startSec: number, speechRatio: number, svm: number, xgboost: number) => ({
      startSec,
      endSec: startSec + 4,
      speechRatio,
      logits: { svm, xgboost },
      distance: svm,
    });
    const windows = [window(0, 0.75, 1, 1), window(2, 0.25, -3, 1)];
    const score = await scoreClip(windows, manifest, 'classic');
    expect(score.members.svm).toBeCloseTo(0.5, 12);
    expect(score.members.xgboost).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    // fused windows: 1 and -1; pooled 0.5; calibrated 2 * 0.5 + 1
    expect(score.pFake).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect(score.distance).toBeCloseTo(0, 12);
  });

  test('When a recording is long, then it is surer than its windows, by as many as count as independent', async () => {
    const logits = { svm: 0.2, xgboost: 0.4, neural: -0.1 };
    const window = (n: number) => ({
      startSec: 2 * n,
      endSec: 2 * n + 4,
      speechRatio: 1,
      distance: 0,
      logits,
    });
    const one = await scoreClip([window(0)], manifest, 'full');
    const long = await scoreClip(
      Array.from({ length: 17 }, (_unused, n) => window(n)),
      manifest,
      'full',
    );
    expect(logitOf(long.pFake)).toBeCloseTo(1.8 * logitOf(one.pFake), 10);
    expect(logitOf(long.members.xgboost)).toBeCloseTo(1.8 * 0.4, 10);
    expect(long.timeline[0].logit).toBeCloseTo(one.timeline[0].logit!, 12);
  });

  test('When nobody speaks anywhere, then the score takes no side', async () => {
    const silent = { startSec: 0, endSec: 4, speechRatio: 0.02, logits: null, distance: 0 };
    expect(await scoreClip([silent], manifest, 'full')).toMatchObject({
      pFake: 0.5,
      speechRatio: 0,
      clonedPart: null,
    });
  });

  test('When a clip has more windows than rows are kept, then an even sample of them is', () => {
    const rows = new WindowRows(10);
    for (let i = 0; i < 1000; i++) rows.add(i, Float32Array.of(i));
    const kept = rows.all().map(({ windowIndex }) => windowIndex);
    expect(kept.length).toBeGreaterThanOrEqual(5);
    expect(kept.length).toBeLessThanOrEqual(10);
    expect(new Set(kept.slice(1).map((index, i) => index - kept[i])).size).toBe(1);
  });

  test('When a manifest lacks a part, then the schema says so', () => {
    expect(manifestSchema.safeParse(manifest).success).toBe(false);
  });
});
