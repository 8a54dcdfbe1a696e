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

/** Normalised correlations of the stretch of `length` samples at `from` with those least..greatest later, as doubles. */
export function matchPeriods(from: usize, length: i32, least: i32, greatest: i32, out: usize): void {
  const own = product(from, from, length);
  const first = from + <usize>least * 4;
  let other = product(first, first, length);
  for (let lag = least; lag <= greatest; lag++, out += 8) {
    const to = from + <usize>lag * 4;
    const scale = own * other;
    store<f64>(out, scale > 0 ? product(from, to, length) / Math.sqrt(scale) : 0);
    const enters: f64 = load<f32>(to + <usize>length * 4);
    const leaves: f64 = load<f32>(to);
    other = Math.max(0, other + enters * enters - leaves * leaves);
  }
}
