/** Products of the tapered frame with itself `lag` samples later, for lags 0..order, as doubles. */
export function frameProducts(
  frame: usize,
  length: i32,
  taper: usize,
  order: i32,
  scratch: usize,
  out: usize,
): void {
  for (let i = 0; i < length; i += 2) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(frame + <usize>i * 4));
    v128.store(scratch + <usize>i * 8, f64x2.mul(x, v128.load(taper + <usize>i * 8)));
  }
  for (let lag = 0; lag <= order; lag++) {
    let sum = f64x2.splat(0);
    const ahead = scratch + <usize>lag * 8;
    let i = 0;
    for (; i + lag + 1 < length; i += 2)
      sum = f64x2.add(sum, f64x2.mul(v128.load(scratch + <usize>i * 8), v128.load(ahead + <usize>i * 8)));
    let all = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    if (i + lag < length) all += load<f64>(scratch + <usize>i * 8) * load<f64>(ahead + <usize>i * 8);
    store<f64>(out + <usize>lag * 8, all);
  }
}

/**
 * Filters `count` samples by 1 + a[1] z^-1 .. a[order] z^-order into `out`, brings them to unit power and answers the
 * excess kurtosis.
 */
export function residual(samples: usize, count: i32, a: usize, order: i32, out: usize): f64 {
  let energy = f64x2.splat(0);
  for (let i = 0; i < count; i += 2) {
    const s = samples + <usize>i * 4;
    let sum = f64x2.promote_low_f32x4(v128.load64_zero(s));
    for (let j = 1; j <= order; j++) {
      const x = f64x2.promote_low_f32x4(v128.load64_zero(s - <usize>j * 4));
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(a + <usize>j * 8), x));
    }
    energy = f64x2.add(energy, f64x2.mul(sum, sum));
    v128.store64_lane(out + <usize>i * 4, f32x4.demote_f64x2_zero(sum), 0);
  }
  const all = f64x2.extract_lane(energy, 0) + f64x2.extract_lane(energy, 1);
  const scale = all > 0 ? 1 / Math.sqrt(all / count) : 0;
  let mean: f64 = 0;
  for (let i = 0; i < count; i++) {
    const x = <f32>(scale * load<f32>(out + <usize>i * 4));
    store<f32>(out + <usize>i * 4, x);
    mean += x;
  }
  mean /= count;
  let second: f64 = 0;
  let fourth: f64 = 0;
  for (let i = 0; i < count; i++) {
    const d = load<f32>(out + <usize>i * 4) - mean;
    second += d * d;
    fourth += d * d * d * d;
  }
  second /= count;
  return second > 0 ? fourth / count / (second * second) - 3 : 0;
}

/** Sums of d^2, d^3 and d^4 of the values' distances d from `centre`, as doubles. */
export function centralSums(values: usize, count: i32, centre: f64, out: usize): void {
  let second = f64x2.splat(0);
  let third = second;
  let fourth = second;
  const c = f64x2.splat(centre);
  for (let i = 0; i < count; i += 2) {
    const d = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(values + <usize>i * 4)), c);
    const square = f64x2.mul(d, d);
    second = f64x2.add(second, square);
    third = f64x2.add(third, f64x2.mul(square, d));
    fourth = f64x2.add(fourth, f64x2.mul(square, square));
  }
  store<f64>(out, f64x2.extract_lane(second, 0) + f64x2.extract_lane(second, 1));
  store<f64>(out, f64x2.extract_lane(third, 0) + f64x2.extract_lane(third, 1), 8);
  store<f64>(out, f64x2.extract_lane(fourth, 0) + f64x2.extract_lane(fourth, 1), 16);
}
