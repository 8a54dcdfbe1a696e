/** Puts the `most` smallest of scratch[0..count-1] in front (Hoare's quickselect, 1961). */
function gatherSmallest(values: usize, count: i32, most: i32): void {
  let low = 0;
  let high = count - 1;
  const target = most - 1;
  while (low < high) {
    const pivot = load<f32>(values + <usize>((low + high) >> 1) * 4);
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f32>(values + <usize>i * 4) < pivot) i++;
      while (load<f32>(values + <usize>j * 4) > pivot) j--;
      if (i <= j) {
        const held = load<f32>(values + <usize>i * 4);
        store<f32>(values + <usize>i * 4, load<f32>(values + <usize>j * 4));
        store<f32>(values + <usize>j * 4, held);
        i++;
        j--;
      }
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else return;
  }
}

/** Sum of the `most` highest of `count` numbers less that of the `most` lowest; 2 x most <= count. */
export function contrast(values: usize, count: i32, most: i32, scratch: usize): f64 {
  memory.copy(scratch, values, <usize>count * 4);
  gatherSmallest(scratch, count, most);
  let sum: f64 = 0;
  for (let i = 0; i < most; i++) sum -= load<f32>(scratch + <usize>i * 4);
  const rest = scratch + <usize>most * 4;
  gatherSmallest(rest, count - most, count - 2 * most);
  for (let i = count - 2 * most; i < count - most; i++) sum += load<f32>(rest + <usize>i * 4);
  return sum;
}
