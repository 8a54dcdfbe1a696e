import { bessel0 } from './bessel';

/**
 * Half-band low-pass and decimation by two (Kaiser-windowed sinc, 47 taps, stop band about -55 dB from
 * 0.28 of the input rate). Every second tap of such a filter is zero, so that a quarter of the work is left.
 */
const REACH = 23;
const KAISER_BETA = 5;

/** Taps at odd distances 1, 3, 5, ... from the centre, whose own tap is 1/2. */
function oddTaps(): Float64Array {
  const taps = new Float64Array((REACH + 1) / 2);
  for (let i = 0; i < taps.length; i++) {
    const d = 2 * i + 1;
    const taper = bessel0(KAISER_BETA * Math.sqrt(1 - (d / (REACH + 1)) ** 2)) / bessel0(KAISER_BETA);
    taps[i] = (taper * Math.sin((Math.PI * d) / 2)) / (Math.PI * d);
  }
  const sum = taps.reduce((a, b) => a + b, 0);
  return taps.map((tap) => tap / (4 * sum));
}

const TAPS = oddTaps();

/** Writes every second low-passed sample of `input[0..count-1]` to `out` and returns how many. Beyond the ends lie zeros. */
export function halve(input: Float32Array, count: number, out: Float32Array): number {
  const taps = TAPS;
  const tapCount = taps.length;
  const length = Math.ceil(count / 2);
  for (let i = 0; i < length; i++) {
    const centre = 2 * i;
    let sum = 0.5 * input[centre];
    if (centre >= REACH && centre + REACH < count) {
      for (let t = 0, d = 1; t < tapCount; t++, d += 2)
        sum += taps[t] * (input[centre - d] + input[centre + d]);
    } else {
      for (let t = 0, d = 1; t < tapCount; t++, d += 2) {
        if (centre - d >= 0) sum += taps[t] * input[centre - d];
        if (centre + d < count) sum += taps[t] * input[centre + d];
      }
    }
    out[i] = sum;
  }
  return length;
}
