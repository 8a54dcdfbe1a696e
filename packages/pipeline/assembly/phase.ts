// @ts-ignore: decorator
@inline
function lanesBelow(left: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
}

// @ts-ignore: decorator
@inline
function total(x: v128): f64 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1));
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

let unitX: v128 = i32x4.splat(0);
let unitY: v128 = i32x4.splat(0);

/** Products of the bins at re, im with the conjugates of those `step` bytes before, of length 1 (0 where there is nothing). */
// @ts-ignore: decorator
@inline
function unitProducts(re: usize, im: usize, step: usize): void {
  const a = v128.load(re);
  const b = v128.load(im);
  const c = v128.load(re - step);
  const d = v128.load(im - step);
  const x = f32x4.add(f32x4.mul(a, c), f32x4.mul(b, d));
  const y = f32x4.sub(f32x4.mul(b, c), f32x4.mul(a, d));
  const length = f32x4.sqrt(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)));
  const isThere = f32x4.gt(length, f32x4.splat(0));
  const scale = v128.and(isThere, f32x4.div(f32x4.splat(1), length));
  unitX = f32x4.mul(x, scale);
  unitY = f32x4.mul(y, scale);
}

/**
 * Weighted length of the mean direction of the unit products over `count` bins. `turn` holds four cosines and four sines
 * that undo an advance, lane by lane, or is null.
 */
export function agreement(re: usize, im: usize, weights: usize, step: usize, count: i32, turn: usize): f64 {
  let sumX = f32x4.splat(0);
  let sumY = f32x4.splat(0);
  let sum = f32x4.splat(0);
  const cosine = turn == 0 ? f32x4.splat(1) : v128.load(turn);
  const sine = turn == 0 ? f32x4.splat(0) : v128.load(turn, 16);
  for (let k = 0; k < count; k += 4, re += 16, im += 16, weights += 16) {
    const w = v128.and(lanesBelow(count - k), v128.load(weights));
    unitProducts(re, im, step);
    const x = f32x4.add(f32x4.mul(unitX, cosine), f32x4.mul(unitY, sine));
    const y = f32x4.sub(f32x4.mul(unitY, cosine), f32x4.mul(unitX, sine));
    sumX = f32x4.add(sumX, f32x4.mul(w, x));
    sumY = f32x4.add(sumY, f32x4.mul(w, y));
    sum = f32x4.add(sum, w);
  }
  const x = total(sumX);
  const y = total(sumY);
  const all = total(sum);
  return all > 0 ? Math.sqrt(x * x + y * y) / all : 0;
}

/** Weighted mean cosine of the turn between the products of this row with the last and of the last with the one before. */
export function steadiness(re: usize, im: usize, weights: usize, step: usize, count: i32): f64 {
  let sumX = f32x4.splat(0);
  let sum = f32x4.splat(0);
  for (let k = 0; k < count; k += 4, re += 16, im += 16, weights += 16) {
    const w = v128.and(lanesBelow(count - k), v128.load(weights));
    unitProducts(re, im, step);
    const x = unitX;
    const y = unitY;
    unitProducts(re - step, im - step, step);
    const cosine = f32x4.add(f32x4.mul(x, unitX), f32x4.mul(y, unitY));
    sumX = f32x4.add(sumX, f32x4.mul(w, cosine));
    sum = f32x4.add(sum, w);
  }
  const all = total(sum);
  return all > 0 ? total(sumX) / all : 0;
}
