import { createAnalysis } from '../../packages/pipeline/src/features/analysis';
import { contrastFamily, createContrastFill } from '../../packages/pipeline/src/features/band-texture';
import { createCepstra, LINEAR_BANK, MEL_BANK } from '../../packages/pipeline/src/features/cepstra';
import { createFineSpectrum } from '../../packages/pipeline/src/features/fine-spectrum';
import { fineStructureFamily } from '../../packages/pipeline/src/features/fine-structure';
import { BIN_COUNT } from '../../packages/pipeline/src/features/frame-grid';
import { createModulationMeter } from '../../packages/pipeline/src/features/modulation';
import { curvatureAt, slopeAt } from '../../packages/pipeline/src/features/series';
import { createShapeFill, SHAPE_ROWS } from '../../packages/pipeline/src/features/spectral-shape';
import { inputSignal, readOracle, worstShare } from './oracle';

const analysis = createAnalysis()(inputSignal());
const { frameCount } = analysis;

function seriesOf(
  rows: number,
  fill: (a: typeof analysis, s: { values: Float32Array; stride: number }) => void,
) {
  const series = { values: new Float32Array(rows * frameCount), stride: frameCount };
  fill(analysis, series);
  return series;
}

function column(series: { values: Float32Array; stride: number }, rows: number, t: number): number[] {
  return Array.from({ length: rows }, (_, r) => series.values[r * series.stride + t]);
}

test('When a signal fills the whole band, then nothing of its spectrum is replaced', () => {
  expect(analysis.bandwidthBin).toBe(BIN_COUNT - 1);
});

test('When frames are transformed, then they equal librosa.stft', () => {
  const { frames, re, im } = readOracle<{ frames: number[]; re: number[][]; im: number[][] }>('stft');
  frames.forEach((t, i) => {
    const every8th = (values: Float32Array): number[] => re[i].map((_, k) => values[t * BIN_COUNT + 8 * k]);
    expect(worstShare(every8th(analysis.re), re[i])).toBeLessThan(1e-5);
    expect(worstShare(every8th(analysis.im), im[i])).toBeLessThan(1e-5);
  });
});

test('When the mel bank is built, then it equals librosa.filters.mel', () => {
  const { sums, row_20 } = readOracle<{ sums: number[]; row_20: number[] }>('mel-bank');
  const row = (f: number): number[] => {
    const dense = new Array<number>(BIN_COUNT).fill(0);
    for (let w = MEL_BANK.start[f], k = MEL_BANK.first[f]; w < MEL_BANK.start[f + 1]; w++, k++)
      dense[k] = MEL_BANK.weights[w];
    return dense;
  };
  expect(
    worstShare(
      sums.map((_, f) => row(f).reduce((a, b) => a + b, 0)),
      sums,
    ),
  ).toBeLessThan(1e-6);
  expect(worstShare(row(20), row_20)).toBeLessThan(1e-6);
});

describe('When cepstra are taken', () => {
  type Oracle = Record<'mfcc' | 'lfcc' | 'mfcc_slope' | 'mfcc_curvature', number[][]> & { frames: number[] };
  const oracle = readOracle<Oracle>('cepstra');
  const mfcc = seriesOf(19, createCepstra({ bank: MEL_BANK, firstCoefficient: 1, coefficientCount: 19 }));
  const lfcc = seriesOf(19, createCepstra({ bank: LINEAR_BANK, firstCoefficient: 1, coefficientCount: 19 }));

  test.each(oracle.frames.map((t, i) => [t, i]))(
    'then frame %i equals librosa mel bands and scipy DCT',
    (t, i) => {
      expect(worstShare(column(mfcc, 19, t), oracle.mfcc[i])).toBeLessThan(1e-4);
      expect(worstShare(column(lfcc, 19, t), oracle.lfcc[i])).toBeLessThan(1e-4);
    },
  );

  test.each(oracle.frames.map((t, i) => [t, i]))(
    'then slopes at frame %i equal librosa.feature.delta',
    (t, i) => {
      const slopes = Array.from({ length: 19 }, (_, r) => slopeAt(mfcc.values, r * mfcc.stride + t));
      const bends = Array.from({ length: 19 }, (_, r) => curvatureAt(mfcc.values, r * mfcc.stride + t));
      expect(worstShare(slopes, oracle.mfcc_slope[i])).toBeLessThan(1e-4);
      expect(worstShare(bends, oracle.mfcc_curvature[i])).toBeLessThan(1e-4);
    },
  );
});

test('When the spectral shape is measured, then it equals librosa and numpy', () => {
  const oracle = readOracle<Record<string, number[]>>('shape');
  const series = seriesOf(SHAPE_ROWS.length, createShapeFill());
  const frames = oracle.frames;
  for (const name of ['centroid', 'spread', 'flatness', 'entropy', 'slope', 'flux', 'crest'] as const) {
    const row = SHAPE_ROWS.indexOf(name);
    const found = frames.map((t) => series.values[row * series.stride + t]);
    expect([name, worstShare(found, oracle[name]) < 1e-4]).toEqual([name, true]);
  }
});

test('When contrast is measured, then it equals the sorted spectrum in numpy', () => {
  const { frames, contrast } = readOracle<{ frames: number[]; contrast: number[][] }>('shape');
  const series = seriesOf(contrastFamily.definitions.length / 3, createContrastFill());
  frames.forEach((t, i) => {
    if (analysis.active[t]) expect(worstShare(column(series, 6, t), contrast[i])).toBeLessThan(1e-4);
  });
  expect(frames.some((t) => analysis.active[t])).toBe(true);
});

test('When modulation is measured, then it equals the spectrum of the envelope in numpy', () => {
  const { share_db } = readOracle<{ share_db: number[] }>('modulation');
  const [low, high] = [33, 84];
  const envelope = Float32Array.from({ length: frameCount }, (_, t) => {
    let sum = 0;
    for (let k = low; k < high; k++) {
      const i = t * BIN_COUNT + k;
      sum += analysis.re[i] ** 2 + analysis.im[i] ** 2;
    }
    return Math.sqrt(sum);
  });
  const out = new Float64Array(5);
  createModulationMeter([0.5, 2, 4, 8, 16, 32])(envelope, 0, frameCount, out, 0);
  expect(worstShare(out, share_db)).toBeLessThan(1e-4);
});

test('When the fine structure is measured, then spectra and features equal numpy and scipy', () => {
  const oracle = readOracle<Record<'level' | 'change' | 'skewness' | 'features', number[]>>('fine-structure');
  const spectrum = createFineSpectrum()(analysis);
  for (const row of ['level', 'change', 'skewness'] as const)
    expect(worstShare(spectrum[row], oracle[row])).toBeLessThan(1e-4);
  const out = new Float64Array(fineStructureFamily.definitions.length);
  fineStructureFamily.createMeasure(new Set())(analysis, out, 0);
  expect(out.length).toBe(oracle.features.length);
  expect(worstShare(out, oracle.features)).toBeLessThan(1e-4);
});
