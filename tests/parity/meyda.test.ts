import Meyda from 'meyda';
import { amplitudeMoments, amplitudeRolloff } from '../../packages/pipeline/src/features/spectral-shape';
import { inputSignal, RATE_HZ } from './oracle';

/** Meyda counts in bins and, for the roll-off, in Hz over its number of bins less one. */
const FRAME = 1024;

test.each([8000, 12_000, 20_000])(
  'When the frame at sample %i is described, then Meyda says the same',
  (from) => {
    Meyda.bufferSize = FRAME;
    Meyda.sampleRate = RATE_HZ;
    Meyda.windowingFunction = 'hanning';
    const frame = inputSignal().slice(from, from + FRAME);
    const found = Meyda.extract(
      ['amplitudeSpectrum', 'spectralCentroid', 'spectralSpread', 'spectralSkewness', 'spectralRolloff'],
      frame,
    );
    if (found === null) throw new Error('Meyda gave no answer');
    const amplitude = found.amplitudeSpectrum as Float32Array;
    const [centroid, spread, skewness] = amplitudeMoments(amplitude, 1);
    expect(Math.abs(centroid / (found.spectralCentroid as number) - 1)).toBeLessThan(1e-5);
    expect(Math.abs(spread / (found.spectralSpread as number) - 1)).toBeLessThan(1e-5);
    expect(Math.abs(skewness / (found.spectralSkewness as number) - 1)).toBeLessThan(1e-4);
    const meydaBinHz = RATE_HZ / (2 * (amplitude.length - 1));
    expect(
      Math.abs(amplitudeRolloff(amplitude, meydaBinHz) / (found.spectralRolloff as number) - 1),
    ).toBeLessThan(1e-5);
  },
);
