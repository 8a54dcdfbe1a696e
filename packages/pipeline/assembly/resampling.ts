/**
 * Polyphase filter: output i is the product of kernel row i x down mod up with the `taps` samples (a
 * multiple of four) from floor(i x down / up) on.
 */
export function filterPolyphase(
  samples: usize,
  kernel: usize,
  taps: i32,
  up: i32,
  down: i32,
  out: usize,
  count: i32,
): void {
  let phase = 0;
  let base = samples;
  const width = <usize>taps * 4;
  for (let i = 0; i < count; i++) {
    let k = kernel + <usize>phase * width;
    const end = k + width;
    let s = base;
    let sum = f32x4.splat(0);
    for (; k < end; k += 16, s += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(k), v128.load(s)));
    store<f32>(
      out + <usize>i * 4,
      f32x4.extract_lane(sum, 0) +
        f32x4.extract_lane(sum, 1) +
        f32x4.extract_lane(sum, 2) +
        f32x4.extract_lane(sum, 3),
    );
    phase += down;
    const steps = phase / up;
    phase -= steps * up;
    base += <usize>steps * 4;
  }
}
