import { createTrimmer } from '../../packages/pipeline/src/audio/trim';
import { createWindower, type Window } from '../../packages/pipeline/src/audio/windows';
import { uniformNoise } from '../../packages/pipeline/src/signal/noise';
import { resample } from '../../packages/pipeline/src/signal/resample';

const RATE_HZ = 22_050;
const FRAME_SEC = 551 / RATE_HZ;

/** A buzz whose level beats three times a second: sound enough to count as speech. */
function sound(durationSec: number, amplitude = 0.1): Float32Array {
  return Float32Array.from({ length: Math.round(durationSec * RATE_HZ) }, (_, i) => {
    const t = i / RATE_HZ;
    return amplitude * (0.7 + 0.3 * Math.sin(2 * Math.PI * 3 * t)) * Math.sin(2 * Math.PI * 220 * t);
  });
}

const silence = (durationSec: number): Float32Array => new Float32Array(Math.round(durationSec * RATE_HZ));

function join(...parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

function windowsOf(samples: Float32Array, blockSamples = RATE_HZ): Window[] {
  const windower = createWindower();
  const windows: Window[] = [];
  for (let i = 0; i < samples.length; i += blockSamples) {
    windows.push(...windower.push(samples.subarray(i, i + blockSamples)));
  }
  return [...windows, ...windower.finish()];
}

/** Of samples at -23 dBFS; infinite where there are more of them. */
function difference({ samples }: Window, { samples: others }: Window): number {
  if (samples.length !== others.length) return Infinity;
  return samples.reduce((most, sample, i) => Math.max(most, Math.abs(sample - others[i])), 0);
}

const times = (windows: Window[]): number[][] =>
  windows.map(({ startSec, endSec }) => [Number(startSec.toFixed(1)), Number(endSec.toFixed(1))]);

describe('When windows are laid over a clip', () => {
  test('then they begin every two seconds and the last one ends with the sound', () => {
    expect(times(windowsOf(sound(9)))).toEqual([
      [0, 4],
      [2, 6],
      [4, 8],
      [5, 9],
    ]);
  });

  test('then a remainder of less than half a second is left out', () => {
    expect(times(windowsOf(sound(6.3)))).toEqual([
      [0, 4],
      [2, 6],
    ]);
  });

  test('then sound shorter than a window is one window of its own length', () => {
    expect(times(windowsOf(join(silence(1), sound(2), silence(3))))).toEqual([[1, 3]]);
  });

  test('then the size of the blocks it came in makes no difference', () => {
    const clip = join(silence(0.5), sound(5), silence(2), sound(3));
    expect(windowsOf(clip, 777)).toEqual(windowsOf(clip, 50_000));
  });

  test('then each tells where its sound begins and which of its frames are speech', () => {
    const [first, second] = windowsOf(join(silence(1), sound(2.5), silence(2.5), sound(2)));
    expect(first.soundStartSec).toBeCloseTo(first.startSec, 2);
    expect(second.soundStartSec).toBeCloseTo(3, 1);
    const spoken = second.speech.map((isSpeech, at) => (isSpeech ? second.startSec + at * FRAME_SEC : NaN));
    const last = Math.max(...spoken.filter((sec) => sec < 5));
    expect(last).toBeCloseTo(3.5, 1);
    expect(second.speech.filter(Boolean)).toHaveLength(Math.round(second.speechRatio * second.speech.length));
  });

  test('then a long silence inside is told by windows without samples', () => {
    const windows = windowsOf(join(sound(5), silence(60), sound(5)));
    const empty = windows.filter(({ samples }) => samples.length === 0);
    expect(empty.length).toBeGreaterThan(25);
    expect(windows.at(-1)?.endSec).toBeCloseTo(70, 1);
    expect(windows.at(-1)?.samples.length).toBeGreaterThan(0);
  });

  test('then speech is brought to -23 dBFS whatever its level was', () => {
    for (const amplitude of [0.003, 0.9]) {
      const [window] = windowsOf(sound(3, amplitude));
      const power = window.samples.reduce((sum, x) => sum + x * x, 0) / window.samples.length;
      expect(10 * Math.log10(power)).toBeCloseTo(-23, 0);
    }
  });

  test('then samples at full scale are counted', () => {
    const clipped = sound(3, 3).map((x) => Math.max(-1, Math.min(1, x)));
    expect(windowsOf(clipped)[0].clippingRatio).toBeGreaterThan(0.3);
    expect(windowsOf(sound(3))[0].clippingRatio).toBe(0);
  });
});

function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

test('When a clip is silent or too short, then it says so by its code', () => {
  expect(codeOf(() => windowsOf(silence(3)))).toBe('silent_audio');
  expect(codeOf(() => windowsOf(sound(0.3)))).toBe('audio_too_short');
  expect(codeOf(() => windowsOf(sound(0.01)))).toBe('audio_too_short');
});

describe('When the same voice in a quiet room is recorded otherwise', () => {
  const room = uniformNoise(3 * RATE_HZ).map((sample) => sample * 0.002);
  // Something clicks before it, just loud enough to be taken for its beginning.
  const [click, clickAt] = [sound(0.004, 0.006), Math.round(0.9 * RATE_HZ)];
  room.subarray(clickAt).set(click);
  const voice = join(silence(1), sound(2));
  const recording = room.map((sample, i) => sample + voice[i]);
  const [plain] = windowsOf(recording);

  test.each([0.1, 0.01, 0.005])('with a gain of %d, then its windows hold the same', (gain) => {
    const [window] = windowsOf(recording.map((sample) => sample * gain));
    expect(window.startSec).toBe(plain.startSec);
    expect(difference(window, plain)).toBeLessThan(1e-4);
  });

  test('behind zeros, however many, then they do, so much later', () => {
    for (let zeros = 0; zeros < 600; zeros += 43) {
      const [window] = windowsOf(join(new Float32Array(zeros), recording));
      expect(window.startSec).toBeCloseTo(plain.startSec + zeros / RATE_HZ, 6);
      expect(difference(window, plain)).toBeLessThan(1e-4);
    }
  });
});

test('When silence surrounds the sound, then the trimmer withholds it', () => {
  const trimmer = createTrimmer(RATE_HZ);
  const frames = [...trimmer.push(join(silence(2), sound(1), silence(40))), ...trimmer.finish()];
  const samples = frames.reduce((sum, frame) => sum + frame.samples.length, 0);
  expect(trimmer.startSample() / RATE_HZ).toBeCloseTo(2, 1);
  expect(samples / RATE_HZ).toBeCloseTo(1, 1);
});

describe('When audio is resampled to 16 kHz', () => {
  const tone = (hz: number): Float32Array =>
    Float32Array.from({ length: RATE_HZ }, (_, i) => Math.sin((2 * Math.PI * hz * i) / RATE_HZ));
  const levelDb = (samples: Float32Array): number => {
    const inner = samples.subarray(2000, -2000);
    return 10 * Math.log10((2 * inner.reduce((sum, x) => sum + x * x, 0)) / inner.length);
  };

  test('then tones below 7 kHz keep their level and their place in time', () => {
    for (const hz of [100, 1000, 5000, 6900]) {
      const out = resample(tone(hz), RATE_HZ, 16_000);
      expect(levelDb(out)).toBeCloseTo(0, 1);
      const wrong = out
        .subarray(2000, 3000)
        .map((x, i) => x - Math.sin((2 * Math.PI * hz * (i + 2000)) / 16_000));
      expect(Math.max(...wrong.map(Math.abs))).toBeLessThan(0.01);
    }
  });

  test('then tones that would fold back below 7.6 kHz are rejected by 55 dB', () => {
    for (const hz of [8450, 9000, 10_500])
      expect(levelDb(resample(tone(hz), RATE_HZ, 16_000))).toBeLessThan(-55);
  });
});
