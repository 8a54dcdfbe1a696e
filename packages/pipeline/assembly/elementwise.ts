/** values[i] = max(floor, values[i] x scale), four at a time; `count` is rounded up to a multiple of four. */
export function scaleAbove(values: usize, count: i32, scale: f32, floor: f32): void {
  const s = f32x4.splat(scale);
  const least = f32x4.splat(floor);
  for (let p = values, end = values + <usize>count * 4; p < end; p += 16) {
    const x = f32x4.mul(v128.load(p), s);
    v128.store(p, v128.bitselect(x, least, f32x4.gt(x, least)));
  }
}

export function squareRoots(values: usize, count: i32, out: usize): void {
  for (let i: usize = 0, end = <usize>count * 4; i < end; i += 16) v128.store(out + i, f32x4.sqrt(v128.load(values + i)));
}

// @ts-ignore: decorator
@inline
function term(sum: v128, x: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(sum, x), f32x4.splat(coefficient));
}

// @ts-ignore: decorator
@inline
function logarithm(bits: v128): v128 {
  let m = v128.or(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(126)));
  const small = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(small, f32x4.splat(1)));
  const x = f32x4.add(f32x4.sub(m, f32x4.splat(1)), v128.and(small, m));
  const z = f32x4.mul(x, x);
  let y = f32x4.splat(7.0376836292e-2);
  y = term(y, x, -1.151461031e-1);
  y = term(y, x, 1.1676998740e-1);
  y = term(y, x, -1.2420140846e-1);
  y = term(y, x, 1.4249322787e-1);
  y = term(y, x, -1.6668057665e-1);
  y = term(y, x, 2.0000714765e-1);
  y = term(y, x, -2.4999993993e-1);
  y = term(y, x, 3.3333331174e-1);
  y = f32x4.mul(f32x4.mul(y, x), z);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.12194440e-4)));
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(x, y), f32x4.mul(e, f32x4.splat(0.693359375)));
}

/**
 * Natural logarithms of normal positive numbers, within 2e-7 of their size: exponent and a polynomial of the mantissa
 * in sqrt(1/2)..sqrt(2) (Cephes logf, Moshier 1989). Eight at a time: a polynomial's steps wait for each other, and its
 * coefficients are fetched for both halves at once.
 */
export function logarithms(values: usize, count: i32, out: usize): void {
  let i: usize = 0;
  const end = <usize>count * 4;
  for (; i + 16 < end; i += 32) {
    const low = logarithm(v128.load(values + i));
    const high = logarithm(v128.load(values + i, 16));
    v128.store(out + i, low);
    v128.store(out + i, high, 16);
  }
  if (i < end) v128.store(out + i, logarithm(v128.load(values + i)));
}
