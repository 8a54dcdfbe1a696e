import { createRealFft } from '../signal/fft';
import { hannWindow } from '../signal/taper';
import { createCepstra, MEL_BANK } from './cepstra';
import type { WindowAnalysis } from './analysis';
import { bandAt, inKilohertz, twoDigits, type FeatureDefinition, type FeatureFamily } from './family';
import { BIN_COUNT, FRAME_RATE_HZ, binOfHz } from './frame-grid';
import { createSeries } from './series';

const { sqrt } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

const FFT_SIZE = 512;
const MODULATION_EDGES_HZ = [0.5, 2, 4, 8, 16, 32] as const;
const ACOUSTIC_EDGES_HZ = [100, 700, 1800, 3600, 7600] as const;
const CEPSTRAL_EDGES_HZ = [0.5, 4, 8, 16, 42] as const;
const CEPSTRAL_COUNT = 8;
const LEAST_SHARE = 1e-5;

const acousticEdges = ACOUSTIC_EDGES_HZ.map(binOfHz);

/** Turns a trajectory over frames into the share of its variation in each band of modulation frequencies, dB. */
export type ModulationMeter = (
  values: Float32Array,
  from: number,
  count: number,
  out: Float64Array,
  offset: number,
) => void;

/**
 * Creates a meter for the bands between `edgesHz`. Trajectories longer than 512 frames are cut, shorter
 * ones padded after their mean is removed and a Hann window applied.
 */
export function createModulationMeter(edgesHz: readonly number[]): ModulationMeter {
  const fft = createRealFft(FFT_SIZE);
  const re = new Float64Array(FFT_SIZE / 2 + 1);
  const im = new Float64Array(FFT_SIZE / 2 + 1);
  const padded = new Float64Array(FFT_SIZE);
  const edges = edgesHz.map((hz) => Math.round((hz / FRAME_RATE_HZ) * FFT_SIZE));
  let taper = hannWindow(1);

  return (values, from, count, out, offset) => {
    const n = Math.min(FFT_SIZE, count);
    if (taper.length !== n) taper = hannWindow(n);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[from + i];
    padded.fill(0);
    for (let i = 0; i < n; i++) padded[i] = (values[from + i] - sum / n) * taper[i];
    fft.forward(padded, re, im);
    let total = 0;
    for (let b = 0; b + 1 < edges.length; b++) {
      let energy = 0;
      for (let k = edges[b]; k < edges[b + 1]; k++) energy += re[k] * re[k] + im[k] * im[k];
      out[offset + b] = energy;
      total += energy;
    }
    for (let b = 0; b + 1 < edges.length; b++) {
      const share = total > 0 ? out[offset + b] / total : 0;
      out[offset + b] = 10 * Math.log10(share + LEAST_SHARE);
    }
  };
}

function bandName(edgesHz: readonly number[], b: number): string {
  return `${edgesHz[b]} to ${edgesHz[b + 1]} Hz`;
}

function defineEnvelope(acoustic: number, b: number): FeatureDefinition {
  const bandHz = bandAt(ACOUSTIC_EDGES_HZ, acoustic);
  const range = inKilohertz(bandHz);
  const speed = bandName(MODULATION_EDGES_HZ, b);
  return {
    name: `modulation_${acoustic + 1}_${b + 1}`,
    family: 'modulation',
    unit: 'dB',
    title: `Rhythm of the sound at ${range}, ${speed}`,
    definition: `share of the amplitude envelope's variation at ${speed} in ${range}`,
    help: 'Speech swings at the pace of syllables; synthesis swings too evenly, or flutters faster than lips can move.',
    bandHz,
  };
}

function defineCepstral(coefficient: number, b: number): FeatureDefinition {
  const speed = bandName(CEPSTRAL_EDGES_HZ, b);
  return {
    name: `mfcc_${twoDigits(coefficient)}_modulation_${b + 1}`,
    family: 'modulation',
    unit: 'dB',
    title: `Pace of change of tone colour detail ${coefficient}, ${speed}`,
    definition: `share of the variation of mel cepstrum coefficient ${coefficient} at ${speed}`,
    help: 'How fast the mouth changes shape: too smooth or too jittery movement is a sign of synthesis.',
  };
}

const envelopeBands = MODULATION_EDGES_HZ.length - 1;
const acousticBands = ACOUSTIC_EDGES_HZ.length - 1;
const cepstralBands = CEPSTRAL_EDGES_HZ.length - 1;

function fillEnvelope(analysis: WindowAnalysis, acoustic: number, envelope: Float32Array): void {
  const { sumOf } = analysis.workspace.kernels;
  const from = acousticEdges[acoustic];
  const count = acousticEdges[acoustic + 1] - from;
  for (let t = 0; t < analysis.frameCount; t++) {
    envelope[t] = sqrt(sumOf(analysis.power.byteOffset + 4 * (t * BINS + from), count));
  }
}

/** Modulation spectra of four sub-band envelopes (Kingsbury et al. 1998). */
export const modulationFamily: FeatureFamily = {
  definitions: Array.from({ length: acousticBands }, (_, a) =>
    Array.from({ length: envelopeBands }, (__, b) => defineEnvelope(a, b)),
  ).flat(),
  createMeasure(wanted) {
    const meter = createModulationMeter(MODULATION_EDGES_HZ);
    const seriesFor = createSeries(1);
    const wantedBands = Array.from({ length: acousticBands }, (_, a) => a).filter((a) =>
      Array.from({ length: envelopeBands }, (_, b) => defineEnvelope(a, b).name).some((name) =>
        wanted.has(name),
      ),
    );
    return (analysis, out, offset) => {
      const { values } = seriesFor(analysis.frameCount);
      for (const a of wantedBands) {
        fillEnvelope(analysis, a, values);
        meter(values, 0, analysis.frameCount, out, offset + a * envelopeBands);
      }
    };
  },
};

/** Modulation spectra of the first cepstral trajectories: low-order terms of the log-mel map in both directions. */
export const cepstralModulationFamily: FeatureFamily = {
  definitions: Array.from({ length: CEPSTRAL_COUNT }, (_, c) =>
    Array.from({ length: cepstralBands }, (__, b) => defineCepstral(c + 1, b)),
  ).flat(),
  createMeasure() {
    const meter = createModulationMeter(CEPSTRAL_EDGES_HZ);
    const fill = createCepstra({ bank: MEL_BANK, firstCoefficient: 1, coefficientCount: CEPSTRAL_COUNT });
    const seriesFor = createSeries(CEPSTRAL_COUNT);
    return (analysis, out, offset) => {
      const series = seriesFor(analysis.frameCount);
      fill(analysis, series);
      for (let c = 0; c < CEPSTRAL_COUNT; c++) {
        meter(series.values, c * series.stride, analysis.frameCount, out, offset + c * cepstralBands);
      }
    };
  },
};
