import { createRealFft } from '../signal/fft';
import { hannWindow } from '../signal/taper';
import type { WindowAnalysis } from './analysis';
import { BIN_COUNT, BIN_HZ } from './frame-grid';

const { log10 } = Math;

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

const CEPSTRUM_BINS = 256;
const QUEFRENCY_RATE_HZ = CEPSTRUM_BINS * BIN_HZ;
const PEAK_FROM = Math.ceil(QUEFRENCY_RATE_HZ / 333);
const PEAK_TO = Math.floor(QUEFRENCY_RATE_HZ / 60);
const LINE_FROM = 6;
const LINE_TO = 120;

/** Cepstral peak prominence (Hillenbrand et al. 1994) of each speech frame, from the spectrum to 5.5 kHz. */
export function createProminence(): (analysis: WindowAnalysis) => number[] {
  const fft = createRealFft(CEPSTRUM_BINS);
  const taper = hannWindow(CEPSTRUM_BINS);
  const frame = new Float64Array(CEPSTRUM_BINS);
  const re = new Float64Array(CEPSTRUM_BINS / 2 + 1);
  const im = new Float64Array(CEPSTRUM_BINS / 2 + 1);

  function prominence(logPower: Float32Array, row: number): number {
    let sum = 0;
    for (let k = 0; k < CEPSTRUM_BINS; k++) sum += logPower[row + k];
    for (let k = 0; k < CEPSTRUM_BINS; k++) frame[k] = (logPower[row + k] - sum / CEPSTRUM_BINS) * taper[k];
    fft.forward(frame, re, im);
    let [peak, place, xy, ySum] = [-Infinity, 0, 0, 0];
    const centre = (LINE_FROM + LINE_TO) / 2;
    const n = LINE_TO - LINE_FROM + 1;
    for (let m = LINE_FROM; m <= LINE_TO; m++) {
      const level = 10 * log10(re[m] * re[m] + im[m] * im[m] + 1e-12);
      xy += (m - centre) * level;
      ySum += level;
      if (m >= PEAK_FROM && m <= PEAK_TO && level > peak) [peak, place] = [level, m];
    }
    const slope = (12 * xy) / (n * (n * n - 1));
    return peak - (ySum / n + slope * (place - centre));
  }

  return (analysis) => {
    const values: number[] = [];
    for (let i = 0; i < analysis.activeCount; i++) {
      values.push(prominence(analysis.logPower, analysis.activeFrames[i] * BINS));
    }
    return values;
  };
}
