import { ANALYSIS_RATE_HZ, FRAME_SIZE, HOP_SIZE } from './frame-grid';
import type { PitchTrack } from './pitch-track';

const { max, sqrt, min, abs } = Math;

/** Periods of the voice one by one, by matching each with the next (Boersma & Weenink: cross-correlation). */
export const PULSE_RATE_HZ = ANALYSIS_RATE_HZ / 2;
const HOP = HOP_SIZE / 2;
const CENTRE = FRAME_SIZE / 4;
const LEAST_MATCH = 0.5;
const SEARCH_SHARE = 0.2;

/** Runs of successive periods; `runStart[i]` is the first period of run i, ended by `count`. */
export interface PulseTrain {
  periods: Float32Array;
  amplitudes: Float32Array;
  count: number;
  runStart: number[];
}

/** Products of the `length` samples from `from` with those from `to`, summed. */
function product(samples: Float32Array, from: number, to: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += samples[from + i] * samples[to + i];
  return sum;
}

/** Normalised correlations of the stretch of `length` samples around `centre` with those least..greatest later. */
function matchAll(
  samples: Float32Array,
  place: { centre: number; length: number; least: number; greatest: number },
  out: Float64Array,
): void {
  const { length, least, greatest } = place;
  const from = place.centre - (length >> 1);
  const own = product(samples, from, from, length);
  let other = product(samples, from + least, from + least, length);
  for (let lag = least; lag <= greatest; lag++) {
    const to = from + lag;
    const scale = own * other;
    out[lag - least] = scale > 0 ? product(samples, from, to, length) / sqrt(scale) : 0;
    other = max(0, other + samples[to + length] ** 2 - samples[to] ** 2);
  }
}

const matches = new Float64Array(128);

function peakToPeak(samples: Float32Array, centre: number, length: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = centre - (length >> 1); i < centre + length - (length >> 1); i++) {
    low = min(low, samples[i]);
    high = max(high, samples[i]);
  }
  return high - low;
}

/** Distance in samples to the period after the one around `centre`, or 0 where none matches well. */
function nextPeriod(samples: Float32Array, count: number, centre: number, expected: number): number {
  const length = Math.round(expected);
  const least = Math.floor(expected * (1 - SEARCH_SHARE));
  const greatest = Math.ceil(expected * (1 + SEARCH_SHARE));
  if (centre - length < 0 || centre + greatest + 1 + length >= count) return 0;
  matchAll(samples, { centre, length, least, greatest }, matches);
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
export function followPulses(
  samples: Float32Array,
  count: number,
  track: PitchTrack,
  train: PulseTrain,
): void {
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
      const period = nextPeriod(samples, count, centre, PULSE_RATE_HZ / track.f0[frame]);
      if (period === 0 || train.count >= train.periods.length) break;
      train.periods[train.count] = period;
      train.amplitudes[train.count] = peakToPeak(samples, centre, Math.round(period));
      train.count++;
      place = centre + period;
    }
    t = max(t + 1, frameAt(place) + 1);
  }
}
