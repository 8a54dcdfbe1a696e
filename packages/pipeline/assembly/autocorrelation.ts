import { binIm, binRe, CELL, close, transform } from './fft';

// @ts-ignore: decorator
@inline
function meanOf(samples: usize, length: i32): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < length; i++) sum += load<f32>(samples + <usize>i * 4);
  return sum / length;
}

/**
 * Autocorrelations of two frames of `half` samples at once, tapered, padded to twice their length and
 * transformed there and back. `power` takes half + 1 pairs of doubles; lags 0..lags-1 go to `outA` and `outB`.
 */
export function autocorrelations(
  a: usize, b: usize, half: i32, tables: usize, z: usize, power: usize,
  outA: usize, outB: usize, lags: i32,
): void {
  const taper = load<u32>(tables);
  const places = load<u32>(tables, 4);
  const twiddles = load<u32>(tables, 8);
  const turns = load<u32>(tables, 12);
  const meanA = f64x2.splat(meanOf(a, half));
  const meanB = f64x2.splat(meanOf(b, half));
  for (let i = 0; i < half; i++) {
    const cell = z + <usize>load<u16>(places + <usize>i * 2) * CELL;
    if (2 * i >= half) {
      v128.store(cell, f64x2.splat(0));
      v128.store(cell, f64x2.splat(0), 16);
      continue;
    }
    const w = v128.load(taper + <usize>i * 16);
    const x = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(a + <usize>i * 8)), meanA), w);
    const y = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(b + <usize>i * 8)), meanB), w);
    v128.store(cell, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(cell, v128.shuffle<f64>(x, y, 1, 3), 16);
  }
  transform(z, twiddles, half);
  close(z, half);
  const halved = f64x2.splat(0.5);
  for (let k = 0; k <= half; k++) {
    const x = binRe(z, half, k, turns);
    const y = binIm(z, half, k, turns);
    v128.store(power + <usize>k * 16, f64x2.mul(halved, f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y))));
  }
  for (let i = 0; i < half; i++) {
    const cell = z + <usize>load<u16>(places + <usize>i * 2) * CELL;
    const m = 2 * i;
    const n = m + 1;
    v128.store(cell, v128.load(power + <usize>(m <= half ? m : 2 * half - m) * 16));
    v128.store(cell, v128.load(power + <usize>(n <= half ? n : 2 * half - n) * 16), 16);
  }
  transform(z, twiddles, half);
  close(z, half);
  for (let lag = 0; lag < lags; lag++) {
    const r = binRe(z, half, lag, turns);
    store<f64>(outA + <usize>lag * 8, f64x2.extract_lane(r, 0));
    store<f64>(outB + <usize>lag * 8, f64x2.extract_lane(r, 1));
  }
}
