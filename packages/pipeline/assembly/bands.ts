/**
 * Decimation by two: out[i] = in[2i] / 2 + sum of taps[t] x (odd[i - t - 1] + odd[i + t]), with zeros around `odd`, which
 * is doubles: each of them is read by every tap. Four outputs at a time, for sums not to wait for each other.
 */
export function halve(
  input: usize,
  count: i32,
  taps: usize,
  tapCount: i32,
  odd: usize,
  out: usize,
  outCount: i32,
): void {
  const first = odd + <usize>tapCount * 8;
  for (let i = 0; i < tapCount; i++) {
    store<f64>(odd + <usize>i * 8, 0);
    store<f64>(first + <usize>(count / 2 + i) * 8, 0);
  }
  store<f64>(first + <usize>(count / 2 + tapCount) * 8, 0);
  for (let i = 0; i < count / 2; i++) store<f64>(first + <usize>i * 8, load<f32>(input + <usize>i * 8, 4));
  for (let i = 0; i < outCount; i += 4) {
    const at = input + <usize>i * 8;
    const even = v128.shuffle<f32>(v128.load(at), v128.load(at, 16), 0, 2, 4, 6);
    let low = f64x2.mul(f64x2.splat(0.5), f64x2.promote_low_f32x4(even));
    let high = f64x2.mul(f64x2.splat(0.5), f64x2.promote_low_f32x4(v128.shuffle<f64>(even, even, 1, 1)));
    let left = first + <usize>i * 8 - 8;
    let right = left + 8;
    for (let tap = taps, end = taps + <usize>tapCount * 8; tap < end; tap += 8, left -= 8, right += 8) {
      const weight = v128.load64_splat(tap);
      low = f64x2.add(low, f64x2.mul(weight, f64x2.add(v128.load(left), v128.load(right))));
      high = f64x2.add(high, f64x2.mul(weight, f64x2.add(v128.load(left, 16), v128.load(right, 16))));
    }
    v128.store(
      out + <usize>i * 4,
      v128.shuffle<f64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2),
    );
  }
}

// @ts-ignore: decorator
@inline
function weighed(sum: v128, weights: v128, values: usize): v128 {
  return f64x2.add(sum, f64x2.mul(weights, f64x2.promote_low_f32x4(v128.load64_zero(values))));
}

// @ts-ignore: decorator
@inline
function both(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** The product of the last of an odd number of weights. */
// @ts-ignore: decorator
@inline
function lastOf(weights: usize, end: usize, values: usize): f64 {
  return weights < end ? load<f64>(weights) * load<f32>(values) : 0;
}

/**
 * Weighs every row of `spectrum` by a sparse bank: filter f has weights[start[f]..start[f + 1]-1] from bin first[f] on.
 * Four rows at a time, the last one again where there are fewer: their sums do not wait for each other.
 */
export function weighBands(
  spectrum: usize,
  rows: i32,
  bins: i32,
  first: usize,
  start: usize,
  weights: usize,
  count: i32,
  out: usize,
): void {
  for (let t = 0; t < rows; t += 4) {
    const u = min(t + 1, rows - 1);
    const v = min(t + 2, rows - 1);
    const x = min(t + 3, rows - 1);
    const a = spectrum + <usize>(t * bins) * 4;
    const b = <usize>((u - t) * bins) * 4;
    const c = <usize>((v - t) * bins) * 4;
    const d = <usize>((x - t) * bins) * 4;
    for (let f = 0; f < count; f++) {
      const end = weights + <usize>load<i32>(start + <usize>f * 4, 4) * 8;
      let p = a + <usize>load<i32>(first + <usize>f * 4) * 4;
      let w = weights + <usize>load<i32>(start + <usize>f * 4) * 8;
      let sumA = f64x2.splat(0);
      let sumB = sumA;
      let sumC = sumA;
      let sumD = sumA;
      for (; w + 8 < end; w += 16, p += 8) {
        const pair = v128.load(w);
        sumA = weighed(sumA, pair, p);
        sumB = weighed(sumB, pair, p + b);
        sumC = weighed(sumC, pair, p + c);
        sumD = weighed(sumD, pair, p + d);
      }
      const to = out + <usize>f * 4;
      store<f32>(to + <usize>(t * count) * 4, <f32>(both(sumA) + lastOf(w, end, p)));
      store<f32>(to + <usize>(u * count) * 4, <f32>(both(sumB) + lastOf(w, end, p + b)));
      store<f32>(to + <usize>(v * count) * 4, <f32>(both(sumC) + lastOf(w, end, p + c)));
      store<f32>(to + <usize>(x * count) * 4, <f32>(both(sumD) + lastOf(w, end, p + d)));
    }
  }
}

/** out[t] = scale x the product of one basis row with row t of `bands`; `count` is even. Rows as in weighBands. */
export function project(bands: usize, rows: i32, count: i32, basis: usize, scale: f64, out: usize): void {
  const end = basis + <usize>count * 8;
  for (let t = 0; t < rows; t += 4) {
    const u = min(t + 1, rows - 1);
    const v = min(t + 2, rows - 1);
    const x = min(t + 3, rows - 1);
    let p = bands + <usize>(t * count) * 4;
    const b = <usize>((u - t) * count) * 4;
    const c = <usize>((v - t) * count) * 4;
    const d = <usize>((x - t) * count) * 4;
    let sumA = f64x2.splat(0);
    let sumB = sumA;
    let sumC = sumA;
    let sumD = sumA;
    for (let w = basis; w < end; w += 16, p += 8) {
      const pair = v128.load(w);
      sumA = weighed(sumA, pair, p);
      sumB = weighed(sumB, pair, p + b);
      sumC = weighed(sumC, pair, p + c);
      sumD = weighed(sumD, pair, p + d);
    }
    store<f32>(out + <usize>t * 4, <f32>(scale * both(sumA)));
    store<f32>(out + <usize>u * 4, <f32>(scale * both(sumB)));
    store<f32>(out + <usize>v * 4, <f32>(scale * both(sumC)));
    store<f32>(out + <usize>x * 4, <f32>(scale * both(sumD)));
  }
}
