import { bessel0 } from './bessel';

/**
 * Sample-rate conversion by a polyphase windowed sinc (Kaiser, about 60 dB). The cut-off of 0.475 of the
 * lower rate keeps 16 kHz output free of aliases below 7.6 kHz. Gain in the pass band is 1; the output
 * starts at the time of the first input sample and has ceil(n * to / from) samples.
 */
const CUTOFF_SHARE = 0.475;
const KAISER_BETA = 5.65;
const ZERO_CROSSINGS = 24;

interface Plan {
  readonly up: number;
  readonly down: number;
  /** Half the filter's length in input samples. */
  readonly reach: number;
  readonly taps: number;
  /** up x taps coefficients, one row a phase. */
  readonly kernel: Float32Array;
}

const plans = new Map<string, Plan>();

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function createPlan(fromHz: number, toHz: number): Plan {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const cutoff = (CUTOFF_SHARE * Math.min(fromHz, toHz)) / fromHz;
  const reach = Math.ceil(ZERO_CROSSINGS / (2 * cutoff));
  const taps = 2 * reach;
  const kernel = new Float32Array(up * taps);
  for (let phase = 0; phase < up; phase++) {
    let sum = 0;
    for (let t = 0; t < taps; t++) {
      const time = t - reach + 1 - phase / up;
      const edge = 1 - (time / reach) ** 2;
      const sinc = time === 0 ? 1 : Math.sin(2 * Math.PI * cutoff * time) / (2 * Math.PI * cutoff * time);
      kernel[phase * taps + t] =
        edge > 0 ? sinc * (bessel0(KAISER_BETA * Math.sqrt(edge)) / bessel0(KAISER_BETA)) : 0;
      sum += kernel[phase * taps + t];
    }
    for (let t = 0; t < taps; t++) kernel[phase * taps + t] /= sum;
  }
  return { up, down, reach, taps, kernel };
}

function planFor(fromHz: number, toHz: number): Plan {
  const key = `${fromHz}:${toHz}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = createPlan(fromHz, toHz);
    plans.set(key, plan);
  }
  return plan;
}

/** Brings `samples` from one whole rate in Hz to another. Samples beyond the ends count as zero. */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz) return samples;
  const { up, down, reach, taps, kernel } = planFor(fromHz, toHz);
  const padded = new Float32Array(samples.length + 2 * taps);
  padded.set(samples, taps);
  const out = new Float32Array(Math.ceil((samples.length * up) / down));
  let phase = 0;
  let base = taps - reach + 1;
  for (let i = 0; i < out.length; i++) {
    const row = phase * taps;
    let sum = 0;
    for (let t = 0; t < taps; t++) sum += kernel[row + t] * padded[base + t];
    out[i] = sum;
    phase += down;
    while (phase >= up) {
      phase -= up;
      base++;
    }
  }
  return out;
}
