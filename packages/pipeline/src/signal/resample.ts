import { bessel0 } from './bessel';
import { createWorkspace, type Kernels } from './workspace';

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
  /** A multiple of four, as the kernel reads them. */
  readonly taps: number;
  /** up x taps coefficients, one row a phase. */
  readonly kernel: Float32Array;
  /** Grows with the longest input seen. */
  room: Room;
}

interface Room {
  readonly most: number;
  readonly kernels: Kernels;
  readonly coefficients: Float32Array;
  readonly input: Float32Array;
  readonly output: Float32Array;
}

function createRoom(plan: Omit<Plan, 'room'>, most: number): Room {
  const { kernel, taps, up, down } = plan;
  const [inputs, outputs] = [most + 3 * taps, Math.ceil((most * up) / down)];
  const workspace = createWorkspace(4 * (kernel.length + inputs + outputs) + 1024);
  const coefficients = workspace.float32(kernel.length);
  coefficients.set(kernel);
  const { kernels } = workspace;
  const [input, output] = [workspace.float32(inputs), workspace.float32(outputs)];
  return { most, kernels, coefficients, input, output };
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
  const taps = 4 * Math.ceil(reach / 2);
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
  const plan = { up, down, reach, taps, kernel };
  return { ...plan, room: createRoom(plan, 0) };
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
  const plan = planFor(fromHz, toHz);
  const { up, down, reach, taps } = plan;
  if (plan.room.most < samples.length) plan.room = createRoom(plan, samples.length);
  const { kernels, coefficients, input, output } = plan.room;
  // Zeros on both sides: the first output looks reach - 1 samples back.
  input.set(samples, reach - 1);
  input.fill(0, reach - 1 + samples.length);
  const count = Math.ceil((samples.length * up) / down);
  const filter = [coefficients.byteOffset, taps, up, down] as const;
  kernels.filterPolyphase(input.byteOffset, ...filter, output.byteOffset, count);
  return output.slice(0, count);
}
