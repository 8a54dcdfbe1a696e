/** Like `Promise.all` over a map, with at most so many under way at once. In the order of the input. */
export async function inParallel<T, R>(
  atATime: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const runner = async () => {
    while (next < items.length) {
      const place = next++;
      results[place] = await work(items[place]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, runner));
  return results;
}
