// @ts-ignore: decorator
@inline
function product(a: usize, b: usize, length: i32): f64 {
  let sum = f64x2.splat(0);
  let i = 0;
  for (; i + 1 < length; i += 2) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(a + <usize>i * 4));
    const y = f64x2.promote_low_f32x4(v128.load64_zero(b + <usize>i * 4));
    sum = f64x2.add(sum, f64x2.mul(x, y));
  }
  const last: f64 = i < length ? <f64>load<f32>(a + <usize>i * 4) * <f64>load<f32>(b + <usize>i * 4) : 0;
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) + last;
}

/** Products with the four stretches from `to` on, a sample apart: the sums do not wait for each other. */
function fourProducts(from: usize, to: usize, length: i32, out: usize): void {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    const at = <usize>i * 4;
    const x = f64x2.promote_low_f32x4(v128.load64_zero(from + at));
    a = f64x2.add(a, f64x2.mul(x, f64x2.promote_low_f32x4(v128.load64_zero(to + at))));
    b = f64x2.add(b, f64x2.mul(x, f64x2.promote_low_f32x4(v128.load64_zero(to + at, 4))));
    c = f64x2.add(c, f64x2.mul(x, f64x2.promote_low_f32x4(v128.load64_zero(to + at, 8))));
    d = f64x2.add(d, f64x2.mul(x, f64x2.promote_low_f32x4(v128.load64_zero(to + at, 12))));
  }
  const at = <usize>i * 4;
  const last: f64 = i < length ? <f64>load<f32>(from + at) : 0;
  store<f64>(out, both(a) + last * load<f32>(to + at));
  store<f64>(out, both(b) + last * load<f32>(to + at, 4), 8);
  store<f64>(out, both(c) + last * load<f32>(to + at, 8), 16);
  store<f64>(out, both(d) + last * load<f32>(to + at, 12), 24);
}

// @ts-ignore: decorator
@inline
function both(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Normalised correlations of the stretch of `length` samples at `from` with those least..greatest later, as doubles. */
export function matchPeriods(from: usize, length: i32, least: i32, greatest: i32, out: usize): void {
  const own = product(from, from, length);
  const first = from + <usize>least * 4;
  let other = product(first, first, length);
  let lag = least;
  for (let p = out; lag + 3 <= greatest; lag += 4, p += 32) fourProducts(from, from + <usize>lag * 4, length, p);
  for (; lag <= greatest; lag++)
    store<f64>(out + <usize>(lag - least) * 8, product(from, from + <usize>lag * 4, length));
  for (lag = least; lag <= greatest; lag++, out += 8) {
    const to = from + <usize>lag * 4;
    const scale = own * other;
    store<f64>(out, scale > 0 ? load<f64>(out) / Math.sqrt(scale) : 0);
    const enters: f64 = load<f32>(to + <usize>length * 4);
    const leaves: f64 = load<f32>(to);
    other = Math.max(0, other + enters * enters - leaves * leaves);
  }
}
