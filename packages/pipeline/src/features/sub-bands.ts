import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, BIN_HZ, TOP_HZ } from './frame-grid';
import { quantileOfSorted } from '../signal/statistics';
import { inKilohertz, type BandHz, type FeatureFamily } from './family';
import { createSeries, sortedActive, type Series } from './series';
import { createSeriesFamily } from './series-family';

const { log } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

const BAND_COUNT = 8;
const BAND_HZ = TOP_HZ / BAND_COUNT;
const DB_PER_NEPER = 10 / Math.LN10;
const EDGES = Array.from({ length: BAND_COUNT + 1 }, (_, b) =>
  Math.min(BINS, Math.round((b * BAND_HZ) / BIN_HZ)),
);

const bands = Array.from({ length: BAND_COUNT }, (_, b) => {
  const bandHz: BandHz = [b * BAND_HZ, (b + 1) * BAND_HZ];
  return { name: `band_${b + 1}`, bandHz, label: inKilohertz(bandHz) };
});

/** Energy of each band relative to the frame's whole, in dB. */
export function fillBandLevels(analysis: WindowAnalysis, series: Series): void {
  const { sumOf } = analysis.workspace.kernels;
  for (let t = 0; t < analysis.frameCount; t++) {
    const row = analysis.power.byteOffset + 4 * t * BINS;
    let total = 0;
    for (let b = 0; b < BAND_COUNT; b++) {
      const sum = sumOf(row + 4 * EDGES[b], EDGES[b + 1] - EDGES[b]);
      series.values[b * series.stride + t] = sum;
      total += sum;
    }
    for (let b = 0; b < BAND_COUNT; b++) {
      const i = b * series.stride + t;
      series.values[i] = DB_PER_NEPER * log(series.values[i] / total);
    }
  }
}

export const subBandFamily = createSeriesFamily({
  family: 'sub_bands',
  rows: bands.map(({ name, bandHz, label }) => ({
    name,
    bandHz,
    unit: 'dB',
    title: `Share of sound at ${label}`,
    definition: `energy at ${label} relative to the frame's whole`,
    help: 'Synthesis and neural codecs distribute energy over frequency differently from a throat and a microphone.',
    statistics: ['mean', 'std', 'delta_std'],
  })),
  createFill: () => fillBandLevels,
});

/** How far a band falls between sounds: the distance of its floor from its peaks. */
export const bandFloorFamily: FeatureFamily = {
  definitions: bands.map(({ name, bandHz, label }) => ({
    name: `${name}_floor`,
    bandHz,
    family: 'sub_bands',
    unit: 'dB',
    title: `Depth of the gaps at ${label}`,
    definition: `90th less 10th percentile over speech frames of the energy at ${label} in dB`,
    help: 'Real rooms and breath fill the gaps between sounds; vocoders may leave them too clean or too noisy.',
  })),
  createMeasure() {
    const seriesFor = createSeries(BAND_COUNT);
    return (analysis, out, offset) => {
      const series = seriesFor(analysis.frameCount);
      for (let t = 0; t < analysis.frameCount; t++) {
        for (let b = 0; b < BAND_COUNT; b++) {
          let sum = 0;
          for (let k = EDGES[b]; k < EDGES[b + 1]; k++) sum += analysis.power[t * BINS + k];
          series.values[b * series.stride + t] = DB_PER_NEPER * log(sum);
        }
      }
      for (let b = 0; b < BAND_COUNT; b++) {
        const sorted = sortedActive(analysis, series, b);
        out[offset + b] = quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.1);
      }
    };
  },
};
