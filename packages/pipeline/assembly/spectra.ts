import { binIm, binRe, CELL, close, transform } from './fft';

/**
 * Spectra of two frames at once, those at `a` and `b`: bins 0..bins-1 as float32 into rows `rowA` and `rowB` of `re`,
 * `im` (skipped where null) and `power`, the power of each frame as doubles into `sums`.
 */
function pairOfSpectra(
  a: usize,
  b: usize,
  half: i32,
  bins: i32,
  tables: usize,
  z: usize,
  re: usize,
  im: usize,
  power: usize,
  rowA: usize,
  rowB: usize,
): v128 {
  const taper = load<u32>(tables);
  const places = load<u32>(tables, 4);
  const twiddles = load<u32>(tables, 8);
  const turns = load<u32>(tables, 12);
  for (let i = 0; i < half; i++) {
    const w = v128.load(taper + <usize>i * 16);
    const x = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(a + <usize>i * 8)), w);
    const y = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(b + <usize>i * 8)), w);
    const cell = z + <usize>load<u16>(places + <usize>i * 2) * CELL;
    v128.store(cell, v128.shuffle<f64>(x, y, 0, 2));
    v128.store(cell, v128.shuffle<f64>(x, y, 1, 3), 16);
  }
  transform(z, twiddles, half);
  close(z, half);
  let sum = f64x2.splat(0);
  for (let k = 0; k < bins; k++) {
    const x = binRe(z, half, k, turns);
    const y = binIm(z, half, k, turns);
    const square = f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y));
    sum = f64x2.add(sum, square);
    const at = <usize>k * 4;
    const square32 = f32x4.demote_f64x2_zero(square);
    v128.store32_lane(power + rowA + at, square32, 0);
    v128.store32_lane(power + rowB + at, square32, 1);
    if (re != 0) {
      const x32 = f32x4.demote_f64x2_zero(x);
      const y32 = f32x4.demote_f64x2_zero(y);
      v128.store32_lane(re + rowA + at, x32, 0);
      v128.store32_lane(re + rowB + at, x32, 1);
      v128.store32_lane(im + rowA + at, y32, 0);
      v128.store32_lane(im + rowB + at, y32, 1);
    }
  }
  return sum;
}

/** Spectra of all frames of `samples`, `hop` samples apart. `tables`: addresses of taper, places, twiddles, turns. */
export function spectra(
  samples: usize,
  frameCount: i32,
  hop: i32,
  half: i32,
  bins: i32,
  tables: usize,
  z: usize,
  re: usize,
  im: usize,
  power: usize,
  sums: usize,
): void {
  for (let t = 0; t < frameCount; t += 2) {
    const u = min(t + 1, frameCount - 1);
    const sum = pairOfSpectra(
      samples + <usize>(t * hop) * 4,
      samples + <usize>(u * hop) * 4,
      half,
      bins,
      tables,
      z,
      re,
      im,
      power,
      <usize>(t * bins) * 4,
      <usize>(u * bins) * 4,
    );
    store<f64>(sums + <usize>t * 8, f64x2.extract_lane(sum, 0));
    store<f64>(sums + <usize>u * 8, f64x2.extract_lane(sum, 1));
  }
}
