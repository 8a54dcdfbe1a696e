import {
  attribute,
  type RowScorer,
  stepEffects,
  stepRows,
} from '../../packages/pipeline/src/ensemble/attribution';
import { rankCorrelation } from './rank-correlation';

const WIDTH = 24;

/** A small generator of its own, so that every run sees the same numbers (Park and Miller 1988). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** A scorer as crooked as an ensemble: a sum of steps, saturating waves and products of neighbours. */
function createModel(random: () => number): (row: Float32Array) => number {
  const steps = Array.from({ length: WIDTH }, () => ({ at: normal(random), size: normal(random) }));
  const waves = Array.from({ length: 8 }, () => Array.from({ length: WIDTH }, () => normal(random) * 0.4));
  const pairs = Array.from({ length: 6 }, () => [random(), random()].map((x) => Math.floor(x * WIDTH)));
  return (row) => {
    const tree = steps.reduce((sum, { at, size }, i) => sum + (row[i] > at ? size : 0), 0);
    const kernel = waves.reduce(
      (sum, wave) => sum + 1.5 * Math.tanh(wave.reduce((s, w, i) => s + w * row[i], 0)),
      0,
    );
    const products = pairs.reduce((sum, [a, b]) => sum + 0.3 * row[a] * row[b], 0);
    return tree + kernel + products;
  };
}

/** Shapley values by sampled permutations (Strumbelj and Kononenko 2014), absent features at the mean. */
function sampledShapley(
  model: (row: Float32Array) => number,
  row: Float32Array,
  random: () => number,
): number[] {
  const rounds = 600;
  const values = new Array<number>(WIDTH).fill(0);
  for (let round = 0; round < rounds; round++) {
    const order = Array.from({ length: WIDTH }, (_, i) => ({ i, key: random() })).sort(
      (a, b) => a.key - b.key,
    );
    const present = new Float32Array(WIDTH);
    let before = model(present);
    for (const { i } of order) {
      present[i] = row[i];
      const after = model(present);
      values[i] += (after - before) / rounds;
      before = after;
    }
  }
  return values;
}

describe('attribution', () => {
  test('When features are occluded, then their order is that of sampled Shapley values', async () => {
    const random = createRandom(7);
    const correlations: number[] = [];
    const topShares: number[] = [];
    for (let trial = 0; trial < 12; trial++) {
      const model = createModel(random);
      const row = Float32Array.from({ length: WIDTH }, () => normal(random) * 1.5);
      const score: RowScorer = (rows) => Promise.resolve(rows.map(model));
      const effects = stepEffects(
        stepRows(new Float32Array(WIDTH), new Float32Array(WIDTH).fill(1)).map(model),
      );
      const input = {
        row,
        standard: row,
        means: new Float32Array(WIDTH),
        effects,
        maxFeatures: WIDTH,
        isTold: () => true,
      };
      const contributions = await attribute(input, score);
      const exact = sampledShapley(model, row, random);
      correlations.push(
        rankCorrelation(
          contributions.map(({ weight }) => weight),
          contributions.map(({ index }) => exact[index]),
        ),
      );
      const strongest = [...exact.keys()].sort((a, b) => Math.abs(exact[b]) - Math.abs(exact[a])).slice(0, 5);
      const named = contributions.slice(0, 8).map(({ index }) => index);
      topShares.push(strongest.filter((index) => named.includes(index)).length / 5);
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(correlations)).toBeGreaterThan(0.85);
    expect(mean(topShares)).toBeGreaterThan(0.8);
  });

  test('When only a few features are tried, then they are those that may have moved most', async () => {
    const row = Float32Array.of(0.1, 5, -4, 0.2);
    const model = (values: Float32Array) =>
      values[0] * 9 + values[1] - values[2] + Math.max(0, values[3]) * 0.1;
    const effects = stepEffects(stepRows(new Float32Array(4), new Float32Array(4).fill(1)).map(model));
    expect(effects.up[0]).toBeCloseTo(9, 5);
    expect(effects.down[3]).toBe(0);
    let scored = 0;
    const contributions = await attribute(
      { row, standard: row, means: new Float32Array(4), effects, maxFeatures: 2, isTold: () => true },
      (rows) => {
        scored += rows.length;
        return Promise.resolve(rows.map(model));
      },
    );
    expect(scored).toBe(6);
    expect(contributions.map(({ index }) => index)).toEqual([1, 2]);
    expect(contributions[0].weight).toBeCloseTo(5, 5);
    expect(contributions[1].weight).toBeCloseTo(4, 5);
  });
});
