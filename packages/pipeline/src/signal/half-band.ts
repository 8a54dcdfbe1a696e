import { bessel0 } from './bessel';

/**
 * Half-band low-pass for decimation by two (Kaiser-windowed sinc, 47 taps, stop band about -55 dB from
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

export const HALF_BAND_TAPS = oddTaps();
