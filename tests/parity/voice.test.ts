import { createAnalysis } from '../../packages/pipeline/src/features/analysis';
import { createExtractor } from '../../packages/pipeline/src/features/extractor';
import { createPitchTracker } from '../../packages/pipeline/src/features/pitch-track';
import { createPredictor, solvePredictor } from '../../packages/pipeline/src/signal/linear-prediction';
import { resample } from '../../packages/pipeline/src/signal/resample';
import { pulseTrain, RATE_HZ, readOracle, readWav, worstShare } from './oracle';

interface Voice {
  f0_mean_hz: number;
  f0_std: number;
  jitter_local: number;
  jitter_rap: number;
  shimmer_local: number;
  hnr_mean: number;
}

const oracle = readOracle<{ pulses: Voice; real: Voice }>('voice');
const extractor = createExtractor(['f0_std', 'jitter_local', 'jitter_rap', 'shimmer_local', 'hnr_mean']);
const clips = { pulses: pulseTrain(), real: resample(readWav('real-en-3s.wav'), 16_000, RATE_HZ) };

function measure(samples: Float32Array): Record<string, number> {
  const values = extractor.extract(samples);
  return Object.fromEntries(extractor.names.map((name, i) => [name, values[i]]));
}

function meanF0(samples: Float32Array): number {
  const track = createPitchTracker()(createAnalysis()(samples));
  const voiced = track.f0.filter((f0) => f0 > 0).map(Math.log2);
  return 2 ** (voiced.reduce((a, b) => a + b, 0) / voiced.length);
}

test('When a predictor is solved, then it equals scipy.linalg.solve_toeplitz', () => {
  const { r, a, error_share } = readOracle<{ r: number[]; a: number[]; error_share: number }>('prediction');
  const predictor = createPredictor(12);
  solvePredictor(Float64Array.from(r), predictor);
  expect(worstShare(predictor.coefficients.slice(1), a)).toBeLessThan(1e-5);
  expect(predictor.errorShare).toBeCloseTo(error_share, 6);
});

test.each(['pulses', 'real'] as const)(
  'When the pitch of %s is tracked, then it agrees with Praat',
  (name) => {
    expect(Math.abs(meanF0(clips[name]) / oracle[name].f0_mean_hz - 1)).toBeLessThan(0.02);
    expect(Math.abs(measure(clips[name]).f0_std - oracle[name].f0_std)).toBeLessThan(0.4);
  },
);

test.each(['pulses', 'real'] as const)(
  'When the periods of %s are followed, then jitter and shimmer agree with Praat',
  (name) => {
    const found = measure(clips[name]);
    expect(found.jitter_local / oracle[name].jitter_local).toBeGreaterThan(0.7);
    expect(found.jitter_local / oracle[name].jitter_local).toBeLessThan(1.4);
    expect(found.jitter_rap / oracle[name].jitter_rap).toBeGreaterThan(0.6);
    expect(found.jitter_rap / oracle[name].jitter_rap).toBeLessThan(1.6);
    expect(found.shimmer_local / oracle[name].shimmer_local).toBeGreaterThan(0.6);
    expect(found.shimmer_local / oracle[name].shimmer_local).toBeLessThan(1.6);
  },
);

test('When the harmonicity of speech is measured, then it agrees with Praat within 3 dB', () => {
  expect(Math.abs(measure(clips.real).hnr_mean - oracle.real.hnr_mean)).toBeLessThan(3);
});
