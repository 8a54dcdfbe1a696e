import type { SpectrogramSpec } from '@bonafide/contracts';
import { createRealFft } from '../signal/fft';
import { melFilterbank, type Filterbank } from '../signal/filterbank';
import { hannWindow } from '../signal/taper';

/** How many bands and frames a sound of so many samples has. */
export function spectrogramShape(spec: SpectrogramSpec, samples: number): { bands: number; frames: number } {
  const { fft_length: size, hop_length: hop, mels } = spec;
  return {
    bands: mels?.count ?? size / 2 + 1,
    frames: Math.max(0, 1 + Math.floor((samples - size) / hop)),
  };
}

/** Makes spectrograms of sound at the given rate: bands by frames, row-major in the layout of the spec. */
export function createSpectrogram(
  spec: SpectrogramSpec,
  rateHz: number,
): (samples: Float32Array) => Float32Array {
  const { fft_length: size, hop_length: hop, power, log_floor: floor, layout } = spec;
  const binCount = size / 2 + 1;
  const fft = createRealFft(size);
  const taper = centred(hannWindow(spec.frame_length), size);
  const mels = spec.mels && melsOf(spec.mels, { binHz: rateHz / size, binCount });
  const frame = new Float64Array(size);
  const [re, im, bins] = [new Float64Array(binCount), new Float64Array(binCount), new Float64Array(binCount)];
  return (samples) => {
    const { bands, frames } = spectrogramShape(spec, samples.length);
    const data = new Float32Array(bands * frames);
    for (let at = 0; at < frames; at++) {
      for (let i = 0; i < size; i++) frame[i] = samples[at * hop + i] * taper[i];
      fft.forward(frame, re, im);
      for (let k = 0; k < binCount; k++) {
        const energy = re[k] * re[k] + im[k] * im[k];
        bins[k] = power === 2 ? energy : Math.sqrt(energy);
      }
      for (let band = 0; band < bands; band++) {
        const value = mels ? bandOf(mels, band, bins) : bins[band];
        const place = layout === 'frequency_time' ? band * frames + at : at * bands + band;
        data[place] = floor === undefined ? value : Math.log(Math.max(value, floor));
      }
    }
    return data;
  };
}

function centred(taper: Float64Array, size: number): Float64Array {
  const padded = new Float64Array(size);
  padded.set(taper, Math.floor((size - taper.length) / 2));
  return padded;
}

type Bins = { binHz: number; binCount: number };

function melsOf({ count, low_hz, high_hz }: NonNullable<SpectrogramSpec['mels']>, bins: Bins): Filterbank {
  return melFilterbank({ count, lowHz: low_hz, highHz: high_hz, ...bins });
}

function bandOf({ first, start, weights }: Filterbank, band: number, bins: Float64Array): number {
  let sum = 0;
  for (let i = start[band]; i < start[band + 1]; i++) sum += weights[i] * bins[first[band] + i - start[band]];
  return sum;
}
