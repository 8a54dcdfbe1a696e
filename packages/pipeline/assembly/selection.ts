/**
 * Extremes of four rows at once, a row a lane: `list` holds `most` quadruples in falling order, and `value` sinks to its
 * place lane by lane. Nothing is done where no lane beats its list's last.
 */
// @ts-ignore: decorator
@inline
function keepGreatest(list: usize, most: i32, value: v128): void {
  const last = v128.load(list + <usize>(most - 1) * 16);
  if (!v128.any_true(f32x4.gt(value, last))) return;
  for (let p = list, end = list + <usize>most * 16; p < end; p += 16) {
    const held = v128.load(p);
    v128.store(p, f32x4.pmax(held, value));
    value = f32x4.pmin(value, held);
  }
}

// @ts-ignore: decorator
@inline
function addSums(list: usize, most: i32, out: usize): void {
  let low = f64x2.splat(0);
  let high = low;
  for (let p = list, end = list + <usize>most * 16; p < end; p += 16) {
    const x = v128.load(p);
    low = f64x2.add(low, f64x2.promote_low_f32x4(x));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1)));
  }
  v128.store(out, f64x2.add(v128.load(out), low));
  v128.store(out, f64x2.add(v128.load(out, 16), high), 16);
}

/**
 * For each of the four rows at a, b, c and d: the sum of the `most` highest of its `count` numbers less that of the
 * `most` lowest, as four doubles into `out`. `scratch` takes 8 x most numbers.
 */
export function contrasts(
  a: usize, b: usize, c: usize, d: usize, count: i32, most: i32, scratch: usize, out: usize,
): void {
  const low = scratch + <usize>most * 16;
  const least = f32x4.splat(-Infinity);
  for (let p = scratch, end = low + <usize>most * 16; p < end; p += 16) v128.store(p, least);
  for (let i: usize = 0, end = <usize>count * 4; i < end; i += 4) {
    let x = v128.load32_zero(a + i);
    x = v128.load32_lane(b + i, x, 1);
    x = v128.load32_lane(c + i, x, 2);
    x = v128.load32_lane(d + i, x, 3);
    keepGreatest(scratch, most, x);
    // The lowest are the greatest of the negatives.
    keepGreatest(low, most, f32x4.neg(x));
  }
  v128.store(out, f64x2.splat(0));
  v128.store(out, f64x2.splat(0), 16);
  addSums(scratch, most, out);
  addSums(low, most, out);
}
