/**
 * Two Fourier transforms at once: every value is a pair of doubles, lane 0 of one signal and lane 1 of the
 * other. A complex number takes 32 bytes, real lanes first. Decimation in time, radix 4, over input in
 * bit-reversed order (Cooley & Tukey 1965); an odd power of two ends with a pass of radix 2.
 */
export const CELL: usize = 32;
const LANES: usize = 16;

// @ts-ignore: decorator
@inline
function timesRe(x: v128, y: v128, wr: v128, wi: v128): v128 {
  return f64x2.sub(f64x2.mul(x, wr), f64x2.mul(y, wi));
}

// @ts-ignore: decorator
@inline
function timesIm(x: v128, y: v128, wr: v128, wi: v128): v128 {
  return f64x2.add(f64x2.mul(x, wi), f64x2.mul(y, wr));
}

/** Combines four transforms `gap` bytes apart at `p`: b, c and d have been turned by their twiddles. */
// @ts-ignore: decorator
@inline
function combine(p: usize, gap: usize, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128): void {
  const ar = v128.load(p);
  const ai = v128.load(p, LANES);
  const sumR = f64x2.add(ar, br);
  const sumI = f64x2.add(ai, bi);
  const differenceR = f64x2.sub(ar, br);
  const differenceI = f64x2.sub(ai, bi);
  const otherR = f64x2.add(cr, dr);
  const otherI = f64x2.add(ci, di);
  const turnedR = f64x2.sub(ci, di);
  const turnedI = f64x2.sub(dr, cr);
  v128.store(p, f64x2.add(sumR, otherR));
  v128.store(p, f64x2.add(sumI, otherI), LANES);
  const q = p + gap;
  v128.store(q, f64x2.add(differenceR, turnedR));
  v128.store(q, f64x2.add(differenceI, turnedI), LANES);
  const r = q + gap;
  v128.store(r, f64x2.sub(sumR, otherR));
  v128.store(r, f64x2.sub(sumI, otherI), LANES);
  const s = r + gap;
  v128.store(s, f64x2.sub(differenceR, turnedR));
  v128.store(s, f64x2.sub(differenceI, turnedI), LANES);
}

/** Passes of radix 4 for the twiddles of one place `k` over all blocks. */
// @ts-ignore: decorator
@inline
function fourth(first: usize, end: usize, gap: usize, w: usize): void {
  const w1r = v128.load64_splat(w);
  const w1i = v128.load64_splat(w, 8);
  const w2r = v128.load64_splat(w, 16);
  const w2i = v128.load64_splat(w, 24);
  const w3r = v128.load64_splat(w, 32);
  const w3i = v128.load64_splat(w, 40);
  for (let p = first; p < end; p += gap * 4) {
    const b = p + gap;
    const c = b + gap;
    const d = c + gap;
    const br = v128.load(b);
    const bi = v128.load(b, LANES);
    const cr = v128.load(c);
    const ci = v128.load(c, LANES);
    const dr = v128.load(d);
    const di = v128.load(d, LANES);
    combine(
      p,
      gap,
      timesRe(br, bi, w1r, w1i),
      timesIm(br, bi, w1r, w1i),
      timesRe(cr, ci, w2r, w2i),
      timesIm(cr, ci, w2r, w2i),
      timesRe(dr, di, w3r, w3i),
      timesIm(dr, di, w3r, w3i),
    );
  }
}

/** Transforms `size` complex cells at `z` in place. `twiddles` are laid out by the host in order of use. */
export function transform(z: usize, twiddles: usize, size: i32): void {
  const end = z + <usize>size * CELL;
  for (let p = z; p < end; p += 4 * CELL) {
    combine(
      p,
      CELL,
      v128.load(p, CELL),
      v128.load(p, CELL + LANES),
      v128.load(p, 2 * CELL),
      v128.load(p, 2 * CELL + LANES),
      v128.load(p, 3 * CELL),
      v128.load(p, 3 * CELL + LANES),
    );
  }
  let half = 4;
  let w = twiddles;
  for (; half * 4 <= size; half *= 4) {
    const gap = <usize>half * CELL;
    for (let p = z; p < z + gap; p += CELL, w += 48) fourth(p, end, gap, w);
  }
  if (half * 2 > size) return;
  const gap = <usize>half * CELL;
  for (let p = z; p < z + gap; p += CELL, w += 16) {
    const wr = v128.load64_splat(w);
    const wi = v128.load64_splat(w, 8);
    const q = p + gap;
    const xr = v128.load(q);
    const xi = v128.load(q, LANES);
    const br = timesRe(xr, xi, wr, wi);
    const bi = timesIm(xr, xi, wr, wi);
    const ar = v128.load(p);
    const ai = v128.load(p, LANES);
    v128.store(p, f64x2.add(ar, br));
    v128.store(p, f64x2.add(ai, bi), LANES);
    v128.store(q, f64x2.sub(ar, br));
    v128.store(q, f64x2.sub(ai, bi), LANES);
  }
}

/**
 * Bin k of the transform of 2 x half real numbers that were packed in pairs and halved (Sorensen et al.
 * 1987). Cell `half` must repeat cell 0.
 */
// @ts-ignore: decorator
@inline
export function binRe(z: usize, half: i32, k: i32, w: usize): v128 {
  const p = z + <usize>k * CELL;
  const q = z + <usize>(half - k) * CELL;
  const evenRe = f64x2.add(v128.load(p), v128.load(q));
  const oddRe = f64x2.add(v128.load(p, LANES), v128.load(q, LANES));
  const oddIm = f64x2.sub(v128.load(q), v128.load(p));
  const wr = v128.load64_splat(w + <usize>k * 16);
  const wi = v128.load64_splat(w + <usize>k * 16, 8);
  return f64x2.add(evenRe, timesRe(oddRe, oddIm, wr, wi));
}

// @ts-ignore: decorator
@inline
export function binIm(z: usize, half: i32, k: i32, w: usize): v128 {
  const p = z + <usize>k * CELL;
  const q = z + <usize>(half - k) * CELL;
  const evenIm = f64x2.sub(v128.load(p, LANES), v128.load(q, LANES));
  const oddRe = f64x2.add(v128.load(p, LANES), v128.load(q, LANES));
  const oddIm = f64x2.sub(v128.load(q), v128.load(p));
  const wr = v128.load64_splat(w + <usize>k * 16);
  const wi = v128.load64_splat(w + <usize>k * 16, 8);
  return f64x2.add(evenIm, timesIm(oddRe, oddIm, wr, wi));
}

/** Lets cell `half` repeat cell 0, as binRe and binIm expect. */
// @ts-ignore: decorator
@inline
export function close(z: usize, half: i32): void {
  const last = z + <usize>half * CELL;
  v128.store(last, v128.load(z));
  v128.store(last, v128.load(z, LANES), LANES);
}
