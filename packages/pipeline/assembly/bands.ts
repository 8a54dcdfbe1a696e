/** Decimation by two: out[i] = in[2i] / 2 + sum of taps[t] x (odd[i - t - 1] + odd[i + t]), with zeros around `odd`. */
export function halve(
  input: usize,
  count: i32,
  taps: usize,
  tapCount: i32,
  odd: usize,
  out: usize,
  outCount: i32,
): void {
  const first = odd + <usize>tapCount * 4;
  for (let i = 0; i < tapCount; i++) {
    store<f32>(odd + <usize>i * 4, 0);
    store<f32>(first + <usize>(count / 2 + i) * 4, 0);
  }
  store<f32>(first + <usize>(count / 2 + tapCount) * 4, 0);
  for (let i = 0; i < count / 2; i++) store<f32>(first + <usize>i * 4, load<f32>(input + <usize>i * 8, 4));
  for (let i = 0; i < outCount; i += 2) {
    const even = v128.load(input + <usize>i * 8);
    let sum = f64x2.mul(f64x2.splat(0.5), f64x2.promote_low_f32x4(v128.shuffle<f32>(even, even, 0, 2, 0, 2)));
    const centre = first + <usize>i * 4;
    for (let t = 0; t < tapCount; t++) {
      const left = f64x2.promote_low_f32x4(v128.load64_zero(centre - <usize>(t + 1) * 4));
      const right = f64x2.promote_low_f32x4(v128.load64_zero(centre + <usize>t * 4));
      sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(taps + <usize>t * 8), f64x2.add(left, right)));
    }
    v128.store64_lane(out + <usize>i * 4, f32x4.demote_f64x2_zero(sum), 0);
  }
}

/** Weighs every row of `spectrum` by a sparse bank: filter f has weights[start[f]..start[f + 1]-1] from bin first[f] on. */
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
  for (let t = 0; t < rows; t++) {
    const row = spectrum + <usize>(t * bins) * 4;
    for (let f = 0; f < count; f++, out += 4) {
      const end = weights + <usize>load<i32>(start + <usize>f * 4, 4) * 8;
      let p = row + <usize>load<i32>(first + <usize>f * 4) * 4;
      let w = weights + <usize>load<i32>(start + <usize>f * 4) * 8;
      let pairs = f64x2.splat(0);
      for (; w + 8 < end; w += 16, p += 8)
        pairs = f64x2.add(pairs, f64x2.mul(v128.load(w), f64x2.promote_low_f32x4(v128.load64_zero(p))));
      let sum = f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
      if (w < end) sum += load<f64>(w) * load<f32>(p);
      store<f32>(out, <f32>sum);
    }
  }
}

/** out[t] = scale x the product of one basis row with row t of `bands`; `count` is even. */
export function project(bands: usize, rows: i32, count: i32, basis: usize, scale: f64, out: usize): void {
  for (let t = 0; t < rows; t++) {
    let sum = f64x2.splat(0);
    const end = basis + <usize>count * 8;
    for (let b = basis; b < end; b += 16, bands += 8)
      sum = f64x2.add(sum, f64x2.mul(v128.load(b), f64x2.promote_low_f32x4(v128.load64_zero(bands))));
    store<f32>(out + <usize>t * 4, <f32>(scale * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1))));
  }
}
