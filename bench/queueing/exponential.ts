/** Exponentially distributed with the given mean: the time between arrivals that know nothing of each other. */
export function exponential(random: () => number, mean: number): number {
  return -mean * Math.log(1 - random());
}
