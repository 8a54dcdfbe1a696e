/**
 * Puts the `count` smallest of values[0..length-1] in front, in any order (Hoare's quickselect, 1961).
 * Works in place; 1 <= count <= length.
 */
export function gatherSmallest(values: Float64Array, length: number, count: number): void {
  let low = 0;
  let high = length - 1;
  const target = count - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const held = values[i];
        values[i] = values[j];
        values[j] = held;
        i++;
        j--;
      }
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else return;
  }
}
