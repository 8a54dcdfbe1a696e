import { quantileOfSorted } from '../signal/statistics';
import type { WindowAnalysis } from './analysis';
import type { FeatureDefinition, FeatureFamily } from './family';
import { FRAME_RATE_HZ } from './frame-grid';
import { activeDeviation, curvatureDeviation, slopeAt, slopeDeviation, type Series } from './series';

const LEAST_PAUSE_SEC = 0.06;
const LEAST_PAUSE_FRAMES = Math.ceil(LEAST_PAUSE_SEC * FRAME_RATE_HZ);

const WORDS: readonly (readonly [name: string, unit: string, title: string, definition: string])[] = [
  [
    'pause_ratio',
    '1',
    'Share of pauses',
    'frames without speech over all frames between the first and the last word',
  ],
  ['pause_rate', '1/s', 'Pauses a second', 'stretches without speech of at least 60 ms, a second'],
  ['pause_mean', 's', 'Length of pauses', 'mean length of stretches without speech of at least 60 ms'],
  ['level_std', 'dB', 'Loudness, variation', 'deviation of the frame level over speech frames'],
  [
    'level_delta_std',
    'dB/frame',
    'Loudness, speed of change',
    'deviation of the slope of the level over five frames',
  ],
  ['level_delta2_std', 'dB/frame²', 'Loudness, jumpiness', 'deviation of the second derivative of the level'],
  ['onset_sharpness', 'dB/frame', 'Sharpness of beginnings', '95th percentile of the slope of the level'],
  [
    'offset_sharpness',
    'dB/frame',
    'Sharpness of endings',
    'negated 5th percentile of the slope of the level',
  ],
];

function define(words: (typeof WORDS)[number]): FeatureDefinition {
  const [name, unit, title, definition] = words;
  const help = 'Breathing, pauses and stress follow from body and meaning; machines place them by average.';
  return { name, family: 'rhythm', unit, title, definition, help };
}

interface Pauses {
  readonly count: number;
  readonly frames: number;
}

/** Stretches of at least LEAST_PAUSE_FRAMES without speech between speech. */
function countPauses(analysis: WindowAnalysis): Pauses {
  let [count, frames, run] = [0, 0, 0];
  for (let t = 0; t < analysis.frameCount; t++) {
    if (analysis.active[t]) {
      if (run >= LEAST_PAUSE_FRAMES && run < t) {
        count++;
        frames += run;
      }
      run = 0;
    } else run++;
  }
  return { count, frames };
}

function sortedSlopes(analysis: WindowAnalysis): Float32Array {
  const slopes = new Float32Array(analysis.steadyCount);
  for (let i = 0; i < slopes.length; i++) slopes[i] = slopeAt(analysis.levelDb, analysis.steadyFrames[i]);
  return slopes.sort();
}

export const rhythmFamily: FeatureFamily = {
  definitions: WORDS.map(define),
  createMeasure() {
    return (analysis, out, offset) => {
      const series: Series = { values: analysis.levelDb, stride: analysis.levelDb.length };
      const pauses = countPauses(analysis);
      const frames = Math.max(1, analysis.frameCount);
      const slopes = sortedSlopes(analysis);
      out[offset] = 1 - analysis.activeCount / frames;
      out[offset + 1] = (pauses.count * FRAME_RATE_HZ) / frames;
      out[offset + 2] = pauses.count > 0 ? pauses.frames / pauses.count / FRAME_RATE_HZ : 0;
      out[offset + 3] = activeDeviation(analysis, series, 0);
      out[offset + 4] = slopeDeviation(analysis, series, 0);
      out[offset + 5] = curvatureDeviation(analysis, series, 0);
      out[offset + 6] = quantileOfSorted(slopes, 0.95);
      out[offset + 7] = -quantileOfSorted(slopes, 0.05);
    };
  },
};
