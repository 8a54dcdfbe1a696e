import { correlation, deviation, mean, quantileOfSorted } from '../signal/statistics';
import { createProminence } from './cepstral-peak';
import type { FeatureDefinition, FeatureFamily } from './family';
import { createPulseFollower, PULSE_RATE_HZ, type PulseTrain } from './glottal-pulses';
import { createPitchTracker, type PitchTrack } from './pitch-track';

/** Neighbouring periods that differ by more are no neighbours (Praat's maximum period factor). */
const PERIOD_FACTOR = 1.3;
const AMPLITUDE_FACTOR = 1.6;

const WORDS: readonly (readonly [name: string, unit: string, title: string, definition: string])[] = [
  ['f0_std', 'st', 'Melody, variation', 'deviation of the fundamental frequency in semitones'],
  ['f0_iqr', 'st', 'Melody, spread', '75th less 25th percentile of the fundamental frequency in semitones'],
  [
    'f0_delta_std',
    'st/frame',
    'Melody, speed of change',
    'deviation of the step of the fundamental frequency from frame to frame',
  ],
  [
    'f0_delta2_std',
    'st/frame²',
    'Melody, jumpiness',
    'deviation of the second difference of the fundamental frequency',
  ],
  [
    'f0_smoothness',
    '1',
    'Melody, smoothness',
    'correlation of successive steps of the fundamental frequency',
  ],
  ['voiced_ratio', '1', 'Share of voiced sound', 'voiced frames over speech frames'],
  [
    'voiced_run_mean',
    'frames',
    'Length of voiced stretches',
    'mean number of frames in an unbroken voiced stretch',
  ],
  [
    'voicing_std',
    '1',
    'Periodicity, variation',
    "deviation of the autocorrelation's peak over voiced frames",
  ],
  [
    'jitter_local',
    '1',
    'Unsteadiness of the pitch',
    'mean difference of neighbouring periods over the mean period',
  ],
  [
    'jitter_rap',
    '1',
    'Unsteadiness of the pitch over three periods',
    'mean distance of a period from its three-point average over the mean period',
  ],
  [
    'shimmer_local',
    '1',
    'Unsteadiness of the loudness',
    'mean difference of neighbouring peak-to-peak amplitudes over the mean amplitude',
  ],
  [
    'shimmer_apq3',
    '1',
    'Unsteadiness of the loudness over three periods',
    'mean distance of an amplitude from its three-point average over the mean amplitude',
  ],
  [
    'hnr_mean',
    'dB',
    'Clarity of the voice, average',
    'harmonics-to-noise ratio below 2.7 kHz, mean over voiced frames',
  ],
  [
    'hnr_std',
    'dB',
    'Clarity of the voice, variation',
    'harmonics-to-noise ratio below 2.7 kHz, deviation over voiced frames',
  ],
  [
    'cpp_mean',
    'dB',
    'Prominence of the pitch, average',
    "height of the cepstrum's peak over its regression line, mean over speech frames",
  ],
  [
    'cpp_std',
    'dB',
    'Prominence of the pitch, variation',
    "height of the cepstrum's peak over its regression line, deviation over speech frames",
  ],
];

function define(words: (typeof WORDS)[number]): FeatureDefinition {
  const [name, unit, title, definition] = words;
  const help =
    'A living larynx is never quite steady, and never steady in the same way; synthesis is too regular or irregular in the wrong way.';
  return { name, family: 'voice', unit, title, definition, help };
}

interface Melody {
  readonly semitones: number[];
  readonly steps: number[];
  readonly bends: number[];
  readonly strengths: number[];
  readonly harmonicity: number[];
  runs: number;
}

/** Reads the voiced frames, and steps between neighbours that are both voiced and less than half an octave apart. */
function readMelody(track: PitchTrack): Melody {
  const melody: Melody = { semitones: [], steps: [], bends: [], strengths: [], harmonicity: [], runs: 0 };
  let before = 0;
  let step = Number.NaN;
  for (let t = 0; t < track.frameCount; t++) {
    const f0 = track.f0[t];
    if (f0 > 0) {
      const strength = track.strength[t];
      melody.semitones.push(12 * Math.log2(f0));
      melody.strengths.push(strength);
      melody.harmonicity.push(10 * Math.log10(strength / (1 - strength)));
      if (before === 0) melody.runs++;
    }
    const next = f0 > 0 && before > 0 ? 12 * Math.log2(f0 / before) : Number.NaN;
    if (Math.abs(next) < 6) {
      melody.steps.push(next);
      if (Math.abs(step) < 6) melody.bends.push(next - step);
      step = next;
    } else step = Number.NaN;
    before = f0;
  }
  return melody;
}

interface Perturbation {
  readonly local: number;
  readonly threePoint: number;
}

/** Mean relative difference of neighbours, and of a value from its three-point average, within runs. */
export function perturbation(values: Float32Array, train: PulseTrain, factor: number): Perturbation {
  let [local, locals, three, threes] = [0, 0, 0, 0];
  train.runStart.forEach((from, run) => {
    const to = run + 1 < train.runStart.length ? train.runStart[run + 1] : train.count;
    for (let i = from + 1; i < to; i++) {
      if (!near(values[i], values[i - 1], factor)) continue;
      local += Math.abs(values[i] - values[i - 1]);
      locals++;
      if (i + 1 >= to || !near(values[i + 1], values[i], factor)) continue;
      three += Math.abs(values[i] - (values[i - 1] + values[i] + values[i + 1]) / 3);
      threes++;
    }
  });
  const average = mean(values, train.count);
  if (!(average > 0)) return { local: 0, threePoint: 0 };
  return { local: local / Math.max(1, locals) / average, threePoint: three / Math.max(1, threes) / average };
}

function near(a: number, b: number, factor: number): boolean {
  return a < b * factor && b < a * factor;
}

function melodyValues(melody: Melody, activeCount: number): number[] {
  const sorted = Float64Array.from(melody.semitones).sort();
  const voiced = melody.semitones.length;
  return [
    deviation(melody.semitones),
    quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25),
    deviation(melody.steps),
    deviation(melody.bends),
    correlation(melody.steps.slice(1), melody.steps.slice(0, -1)),
    voiced / Math.max(1, activeCount),
    voiced / Math.max(1, melody.runs),
    deviation(melody.strengths),
  ];
}

export const voiceFamily: FeatureFamily = {
  definitions: WORDS.map(define),
  createMeasure(wanted) {
    const wantsPulses = WORDS.some(([name]) => /^(jitter|shimmer)/.test(name) && wanted.has(name));
    const wantsProminence = wanted.has('cpp_mean') || wanted.has('cpp_std');
    const trackPitch = createPitchTracker();
    const followPulses = createPulseFollower();
    const prominences = createProminence();
    const train: PulseTrain = {
      periods: new Float32Array(0),
      amplitudes: new Float32Array(0),
      count: 0,
      runStart: [],
    };
    return (analysis, out, offset) => {
      const most = Math.ceil((analysis.halfCount / PULSE_RATE_HZ) * 800) + 1;
      if (train.periods.length < most) {
        train.periods = new Float32Array(most);
        train.amplitudes = new Float32Array(most);
      }
      const track = trackPitch(analysis);
      const melody = readMelody(track);
      if (wantsPulses) followPulses(analysis, track, train);
      const jitter = perturbation(train.periods, train, PERIOD_FACTOR);
      const shimmer = perturbation(train.amplitudes, train, AMPLITUDE_FACTOR);
      const cpp = wantsProminence ? prominences(analysis) : new Float64Array(0);
      const values = [
        ...melodyValues(melody, analysis.activeCount),
        jitter.local,
        jitter.threePoint,
        shimmer.local,
        shimmer.threePoint,
        mean(melody.harmonicity),
        deviation(melody.harmonicity),
        mean(cpp),
        deviation(cpp),
      ];
      for (let i = 0; i < values.length; i++) out[offset + i] = values[i];
    };
  },
};
