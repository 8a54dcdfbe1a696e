import type { Kernels } from '../signal/workspace';
import type { WindowAnalysis } from './analysis';
import { ANALYSIS_RATE_HZ, FRAME_SIZE, HOP_SIZE } from './frame-grid';
import { perWorkspace } from './per-workspace';
import type { PitchTrack } from './pitch-track';

const { max, min, abs } = Math;

/** Periods of the voice one by one, by matching each with the next (Boersma & Weenink: cross-correlation). */
export const PULSE_RATE_HZ = ANALYSIS_RATE_HZ / 2;
const HOP = HOP_SIZE / 2;
const CENTRE = FRAME_SIZE / 4;
const LEAST_MATCH = 0.5;
const SEARCH_SHARE = 0.2;
const MOST_MATCHES = 128;

/** Runs of successive periods; `runStart[i]` is the first period of run i, ended by `count`. */
export interface PulseTrain {
  periods: Float32Array;
  amplitudes: Float32Array;
  count: number;
  runStart: number[];
}

function peakToPeak(samples: Float32Array, centre: number, length: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = centre - (length >> 1); i < centre + length - (length >> 1); i++) {
    low = min(low, samples[i]);
    high = max(high, samples[i]);
  }
  return high - low;
}

/** The half-rate samples, in a workspace, and room there for the matches of one period. */
interface Sound {
  readonly samples: Float32Array;
  readonly count: number;
  readonly matches: Float64Array;
  readonly matchPeriods: Kernels['matchPeriods'];
}

/** Distance in samples to the period after the one around `centre`, or 0 where none matches well. */
function nextPeriod(
  { samples, count, matches, matchPeriods }: Sound,
  centre: number,
  expected: number,
): number {
  const length = Math.round(expected);
  const least = Math.floor(expected * (1 - SEARCH_SHARE));
  const greatest = Math.ceil(expected * (1 + SEARCH_SHARE));
  if (centre - length < 0 || centre + greatest + 1 + length >= count) return 0;
  const from = samples.byteOffset + 4 * (centre - (length >> 1));
  matchPeriods(from, length, least, greatest, matches.byteOffset);
  let best = 0;
  for (let i = 1; i <= greatest - least; i++) if (matches[i] > matches[best]) best = i;
  if (matches[best] < LEAST_MATCH || best === 0 || best === greatest - least) return 0;
  const [before, after] = [matches[best - 1], matches[best + 1]];
  const bend = before - 2 * matches[best] + after;
  return least + best + (bend < 0 ? (before - after) / (2 * bend) : 0);
}

/** The strongest sample within half a period of `place`: a pulse to begin with. */
function firstPulse(samples: Float32Array, count: number, place: number, period: number): number {
  const from = max(0, Math.round(place - period / 2));
  const to = min(count, Math.round(place + period / 2));
  let best = from;
  for (let i = from; i < to; i++) if (abs(samples[i]) > abs(samples[best])) best = i;
  return best;
}

/** Follows every voiced stretch of `track` through the half-rate samples. */
export function createPulseFollower(): (
  analysis: WindowAnalysis,
  track: PitchTrack,
  train: PulseTrain,
) => void {
  const matchesOf = perWorkspace(({ workspace }) => workspace.float64(MOST_MATCHES));
  return (analysis, track, train) => {
    const { half: samples, halfCount: count, workspace } = analysis;
    const { matchPeriods } = workspace.kernels;
    followPulses({ samples, count, matches: matchesOf(analysis), matchPeriods }, track, train);
  };
}

function followPulses(sound: Sound, track: PitchTrack, train: PulseTrain): void {
  const { samples, count } = sound;
  train.count = 0;
  train.runStart = [];
  const frameAt = (place: number): number => Math.round((place - CENTRE) / HOP);
  let t = 0;
  while (t < track.frameCount) {
    if (track.f0[t] === 0) {
      t++;
      continue;
    }
    let place = firstPulse(samples, count, t * HOP + CENTRE, PULSE_RATE_HZ / track.f0[t]);
    train.runStart.push(train.count);
    for (
      let frame = max(0, frameAt(place));
      frame < track.frameCount && track.f0[frame] > 0;
      frame = frameAt(place)
    ) {
      const centre = Math.round(place);
      const period = nextPeriod(sound, centre, PULSE_RATE_HZ / track.f0[frame]);
      if (period === 0 || train.count >= train.periods.length) break;
      train.periods[train.count] = period;
      train.amplitudes[train.count] = peakToPeak(samples, centre, Math.round(period));
      train.count++;
      place = centre + period;
    }
    t = max(t + 1, frameAt(place) + 1);
  }
}
