/** out[i] = values[i] less the mean of all `count`, a multiple of four. */
export function lessMean(values: usize, count: i32, out: usize): void {
  let low = f64x2.splat(0);
  let high = low;
  const size = <usize>count * 4;
  for (let i: usize = 0; i < size; i += 16) {
    const x = v128.load(values + i);
    low = f64x2.add(low, f64x2.promote_low_f32x4(x));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f64>(x, x, 1, 1)));
  }
  const sum = f64x2.add(low, high);
  const mean = f64x2.splat((f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) / count);
  for (let i: usize = 0; i < size; i += 8) {
    const x = f64x2.promote_low_f32x4(v128.load64_zero(values + i));
    v128.store64_lane(out + i, f32x4.demote_f64x2_zero(f64x2.sub(x, mean)), 0);
  }
}

/**
 * For each of `rows` rows, `stride` numbers apart: the height of the greatest of places peakFrom..peakTo over the
 * regression line through places from..to, as a double, in the numbers' own unit.
 */
export function prominences(
  values: usize, rows: i32, stride: i32, from: i32, to: i32, peakFrom: i32, peakTo: i32, out: usize,
): void {
  const n: f64 = to - from + 1;
  const centre: f64 = <f64>(from + to) / 2;
  for (let t = 0; t < rows; t++) {
    const row = values + <usize>(t * stride) * 4;
    let peak: f32 = -Infinity;
    let place = 0;
    for (let m = peakFrom; m <= peakTo; m++) {
      const value = load<f32>(row + <usize>m * 4);
      if (value > peak) {
        peak = value;
        place = m;
      }
    }
    // Two sums of each kind: neither waits for the other.
    let ys: v128 = f64x2.splat(0);
    let xys: v128 = f64x2.splat(0);
    let x: v128 = f64x2(<f64>from - centre, <f64>from + 1 - centre);
    let m = from;
    for (; m < to; m += 2) {
      const y = f64x2.promote_low_f32x4(v128.load64_zero(row + <usize>m * 4));
      ys = f64x2.add(ys, y);
      xys = f64x2.add(xys, f64x2.mul(x, y));
      x = f64x2.add(x, f64x2.splat(2));
    }
    let ySum = f64x2.extract_lane(ys, 0) + f64x2.extract_lane(ys, 1);
    let xySum = f64x2.extract_lane(xys, 0) + f64x2.extract_lane(xys, 1);
    if (m === to) {
      const y: f64 = load<f32>(row + <usize>m * 4);
      ySum += y;
      xySum += (<f64>m - centre) * y;
    }
    const slope = (12 * xySum) / (n * (n * n - 1));
    store<f64>(out + <usize>t * 8, <f64>peak - (ySum / n + slope * (<f64>place - centre)));
  }
}
