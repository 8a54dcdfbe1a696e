import type { Manifest } from '@bonafide/contracts';
import { createDistance } from '../../packages/pipeline/src/ensemble/distance';
import { calibratedLogit, fuseLogits } from '../../packages/pipeline/src/ensemble/fusion';
import { logit, sigmoid } from '../../packages/pipeline/src/ensemble/logit';
import { effectiveWindows, poolLogits, weightedQuantile } from '../../packages/pipeline/src/ensemble/pooling';

const identity = { slope: 1, intercept: 0 };

describe('scores', () => {
  test('When a forest votes unanimously, then its logit is finite', () => {
    expect(logit(1)).toBeCloseTo(9.21, 2);
    expect(logit(0)).toBeCloseTo(-9.21, 2);
    expect(sigmoid(logit(0.3))).toBeCloseTo(0.3, 12);
    expect(sigmoid(-800)).toBe(0);
  });

  test('When a member is calibrated, then slope and intercept act on its logit', () => {
    expect(calibratedLogit(0.8, { slope: 0.5, intercept: -1 })).toBeCloseTo(0.5 * Math.log(4) - 1, 12);
  });

  test('When members are fused, then only those of the ensemble count, by their weights', () => {
    const fusion = { members: ['a', 'b'], weights: { a: 2, b: -1, c: 100 }, intercept: 0.5 };
    expect(fuseLogits({ a: 1, b: 3, c: 1 }, fusion)).toBeCloseTo(-0.5, 12);
  });

  test('When a quantile of weighted values is asked for, then it is what numpy interpolates', () => {
    // numpy.interp(q, (cumsum(w) - w / 2) / sum(w), x) for x = [1, 2, 4], w = [1, 1, 2]
    const at = (q: number) => weightedQuantile([4, 1, 2], [2, 1, 1], q);
    expect(at(0)).toBe(1);
    expect(at(0.25)).toBeCloseTo(1.5, 12);
    expect(at(0.5)).toBeCloseTo(2.6666666666666665, 12);
    expect(at(1)).toBe(4);
  });

  test('When windows are pooled, then the upper quantile pulls the mean by its weight', () => {
    const pooling = { upper_quantile: 1, upper_weight: 0.5, calibration: identity, correlation: 1 };
    expect(poolLogits([0, 0, 3], [1, 1, 1], pooling)).toBeCloseTo(2, 12);
    expect(poolLogits([0, 0, 3], [1, 1, 0], { ...pooling, upper_weight: 0 })).toBeCloseTo(0, 12);
  });

  test('When a recording is of many windows, then they count by their speech as the design effect says, neighbours by what is new', () => {
    const pooling = { upper_quantile: 1, upper_weight: 0, calibration: identity, correlation: 0.5 };
    const worth = (count: number, hop_sec: number, { correlation = 0.5, speech = 1 } = {}) =>
      effectiveWindows(
        new Array<number>(count).fill(speech),
        { ...pooling, correlation },
        { window_sec: 4, hop_sec },
      );
    expect(worth(1, 4)).toBe(1);
    expect(worth(9, 4)).toBeCloseTo(1.8, 12);
    expect(worth(17, 2)).toBeCloseTo(1.8, 12);
    expect(worth(9, 4, { correlation: 1 })).toBe(1);
    expect(worth(9, 4, { correlation: 0 })).toBe(9);
    expect(worth(18, 4, { speech: 0.5 })).toBeCloseTo(1.8, 12);
    expect(worth(3, 4, { speech: 0.2 })).toBe(1);
    expect(worth(0, 4)).toBe(1);
  });

  test('When a row lies one deviation out along every axis, then its distance is 1', () => {
    const feature = (mean: number, std: number) => ({ mean, std }) as Manifest['features'][number];
    const distance = createDistance({
      features: [feature(10, 2), feature(-1, 0.5)],
      distribution: {
        axes: [
          [1, 0],
          [0, 1],
        ],
        variances: [1, 4],
      },
    });
    expect(distance(Float32Array.of(12, 0))).toBeCloseTo(1, 6);
    expect(distance(Float32Array.of(10, -1))).toBe(0);
  });
});
