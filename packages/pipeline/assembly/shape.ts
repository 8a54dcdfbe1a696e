/**
 * Sums over one row of amplitudes as doubles into `out`: a, k a, k^2 a, k^3 a, a^2, and a times that of the row at
 * `before`.
 */
export function shapeSums(amplitude: usize, before: usize, bins: i32, out: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let square = s0;
  let product = s0;
  let k = f64x2(0, 1);
  for (let i = 0; i + 1 < bins; i += 2) {
    const a = f64x2.promote_low_f32x4(v128.load64_zero(amplitude + <usize>i * 4));
    const b = f64x2.promote_low_f32x4(v128.load64_zero(before + <usize>i * 4));
    const a1 = f64x2.mul(k, a);
    const a2 = f64x2.mul(k, a1);
    s0 = f64x2.add(s0, a);
    s1 = f64x2.add(s1, a1);
    s2 = f64x2.add(s2, a2);
    s3 = f64x2.add(s3, f64x2.mul(k, a2));
    square = f64x2.add(square, f64x2.mul(a, a));
    product = f64x2.add(product, f64x2.mul(a, b));
    k = f64x2.add(k, f64x2.splat(2));
  }
  // The last of an odd number of bins.
  const n = bins - 1;
  const last: f64 = (bins & 1) == 1 ? load<f32>(amplitude + <usize>n * 4) : 0;
  const m: f64 = n;
  store<f64>(out, both(s0) + last);
  store<f64>(out, both(s1) + m * last, 8);
  store<f64>(out, both(s2) + m * m * last, 16);
  store<f64>(out, both(s3) + m * m * m * last, 24);
  store<f64>(out, both(square) + last * last, 32);
  store<f64>(out, both(product) + last * load<f32>(before + <usize>n * 4), 40);
}

// @ts-ignore: decorator
@inline
function both(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Sum of `count` float32 numbers. */
export function sumOf(values: usize, count: i32): f64 {
  let s = f64x2.splat(0);
  let i = 0;
  for (; i + 1 < count; i += 2) s = f64x2.add(s, f64x2.promote_low_f32x4(v128.load64_zero(values + <usize>i * 4)));
  return both(s) + (i < count ? <f64>load<f32>(values + <usize>i * 4) : 0);
}

/** Adds a row of float32 numbers to doubles; `count` is rounded up to an even number. */
export function addRow(values: usize, count: i32, out: usize): void {
  for (let i = 0; i < count; i += 2) {
    const at = out + <usize>i * 8;
    v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v128.load64_zero(values + <usize>i * 4))));
  }
}

/** Adds a row of float32 numbers, their squares and their cubes to doubles; `count` is rounded up to an even number. */
export function addPowers(values: usize, count: i32, first: usize, second: usize, third: usize): void {
  for (let i = 0; i < count; i += 2) {
    const at = <usize>i * 8;
    const x = f64x2.promote_low_f32x4(v128.load64_zero(values + <usize>i * 4));
    const square = f64x2.mul(x, x);
    v128.store(first + at, f64x2.add(v128.load(first + at), x));
    v128.store(second + at, f64x2.add(v128.load(second + at), square));
    v128.store(third + at, f64x2.add(v128.load(third + at), f64x2.mul(square, x)));
  }
}

/** Sum of products of two rows of float32 numbers. */
export function productOf(a: usize, b: usize, count: i32): f64 {
  let s = f64x2.splat(0);
  let i = 0;
  for (; i + 1 < count; i += 2) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(a + <usize>i * 4));
    s = f64x2.add(s, f64x2.mul(x, f64x2.promote_low_f32x4(v128.load64_zero(b + <usize>i * 4))));
  }
  return both(s) + (i < count ? <f64>load<f32>(a + <usize>i * 4) * <f64>load<f32>(b + <usize>i * 4) : 0);
}

/** The greatest of `count` float32 numbers above 0. */
export function greatestOf(values: usize, count: i32): f32 {
  let most: f32 = 0;
  for (let i = 0; i < count; i++) most = max(most, load<f32>(values + <usize>i * 4));
  return most;
}
