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
  let lag = 0;
  for (; lag + 3 <= order; lag += 4) fourLags(scratch, lag, length, out);
  for (; lag <= order; lag++) {
    let sum = f64x2.splat(0);
    let i = 0;
    for (; i + lag + 1 < length; i += 2) sum = f64x2.add(sum, pairProduct(scratch, i, lag));
    store<f64>(out + <usize>lag * 8, both(sum) + lastProduct(scratch, i, lag, length));
  }
}

// @ts-ignore: decorator
@inline
function both(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

// @ts-ignore: decorator
@inline
function pairProduct(scratch: usize, i: i32, lag: i32): v128 {
  const p = scratch + <usize>i * 8;
  return f64x2.mul(v128.load(p), v128.load(p + <usize>lag * 8));
}

/** What is left where an odd number of products is taken in pairs. */
// @ts-ignore: decorator
@inline
function lastProduct(scratch: usize, i: i32, lag: i32, length: i32): f64 {
  if (i + lag >= length) return 0;
  return load<f64>(scratch + <usize>i * 8) * load<f64>(scratch + <usize>(i + lag) * 8);
}

/** Lags `lag` to `lag + 3` side by side: a sum waits for its last addition, four sums do not wait for each other. */
function fourLags(scratch: usize, lag: i32, length: i32, out: usize): void {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let i = 0;
  for (; i + lag + 4 < length; i += 2) {
    a = f64x2.add(a, pairProduct(scratch, i, lag));
    b = f64x2.add(b, pairProduct(scratch, i, lag + 1));
    c = f64x2.add(c, pairProduct(scratch, i, lag + 2));
    d = f64x2.add(d, pairProduct(scratch, i, lag + 3));
  }
  finishLag(scratch, i, lag, length, a, out);
  finishLag(scratch, i, lag + 1, length, b, out);
  finishLag(scratch, i, lag + 2, length, c, out);
  finishLag(scratch, i, lag + 3, length, d, out);
}

function finishLag(scratch: usize, from: i32, lag: i32, length: i32, begun: v128, out: usize): void {
  let sum = begun;
  let i = from;
  for (; i + lag + 1 < length; i += 2) sum = f64x2.add(sum, pairProduct(scratch, i, lag));
  store<f64>(out + <usize>lag * 8, both(sum) + lastProduct(scratch, i, lag, length));
}

/**
 * Filters `count` samples, a multiple of four, by 1 + a[1] z^-1 .. a[order] z^-order into `out`, brings them to unit power and answers the
 * excess kurtosis.
 */
export function residual(samples: usize, count: i32, a: usize, order: i32, out: usize): f64 {
  let energy = f64x2.splat(0);
  for (let i = 0; i < count; i += 4) {
    const s = samples + <usize>i * 4;
    let x = v128.load(s);
    let low = f64x2.promote_low_f32x4(x);
    let high = f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1));
    for (let j = 1; j <= order; j++) {
      const c = v128.load64_splat(a + <usize>j * 8);
      x = v128.load(s - <usize>j * 4);
      low = f64x2.add(low, f64x2.mul(c, f64x2.promote_low_f32x4(x)));
      high = f64x2.add(high, f64x2.mul(c, f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1))));
    }
    energy = f64x2.add(energy, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    const four = v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
    v128.store(out + <usize>i * 4, four);
  }
  const all = both(energy);
  const scale = all > 0 ? 1 / Math.sqrt(all / count) : 0;
  const factor = f64x2.splat(scale);
  let sum = f64x2.splat(0);
  for (let i = 0; i < count; i += 2) {
    const p = out + <usize>i * 4;
    const x = f32x4.demote_f64x2_zero(f64x2.mul(factor, f64x2.promote_low_f32x4(v128.load64_zero(p))));
    v128.store64_lane(p, x, 0);
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(x));
  }
  const mean = f64x2.splat(both(sum) / count);
  let seconds = f64x2.splat(0);
  let fourths = f64x2.splat(0);
  for (let i = 0; i < count; i += 2) {
    const d = f64x2.sub(f64x2.promote_low_f32x4(v128.load64_zero(out + <usize>i * 4)), mean);
    const square = f64x2.mul(d, d);
    seconds = f64x2.add(seconds, square);
    fourths = f64x2.add(fourths, f64x2.mul(square, square));
  }
  const second = both(seconds) / count;
  return second > 0 ? both(fourths) / count / (second * second) - 3 : 0;
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
