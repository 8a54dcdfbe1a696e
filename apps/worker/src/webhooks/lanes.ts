const FIRST_GUESS_MS = 200;
/** The weight of the newest in the running mean of latencies. */
const NEWEST = 0.3;

/** Whose deliveries share one way, and how many of them may be under way at once in one process. */
export type Way = { readonly name: string; readonly most: number };
type Lane = { running: number; meanMs: number; nextFreeMs: number };

/** Each delivery takes all the ways it is given: one receiver that hangs must not hold up those of others. */
export type Lanes = {
  /** 0 when the delivery may go now, else how long it is to wait until its turn has probably come. */
  waitMs(ways: readonly Way[]): number;
  /** Runs what may go now. */
  run<T>(ways: readonly Way[], work: () => Promise<T>): Promise<T>;
};

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  const laneOf = ({ name }: Way): Lane => {
    const lane = lanes.get(name) ?? { running: 0, meanMs: FIRST_GUESS_MS, nextFreeMs: 0 };
    lanes.set(name, lane);
    return lane;
  };
  const waitAt = ({ name, most }: Way): number => {
    const lane = lanes.get(name);
    if (!lane || lane.running < most) return 0;
    const nowMs = Date.now();
    // Those who wait are given turns one behind the other, so that they do not all come back at once.
    lane.nextFreeMs = Math.max(lane.nextFreeMs, nowMs) + lane.meanMs / most;
    return Math.ceil(lane.nextFreeMs - nowMs);
  };
  const leave = (way: Way, tookMs: number): void => {
    const lane = laneOf(way);
    lane.running -= 1;
    lane.meanMs += NEWEST * (tookMs - lane.meanMs);
    if (lane.running === 0 && lane.nextFreeMs < Date.now()) lanes.delete(way.name);
  };
  return {
    waitMs: (ways) => Math.max(...ways.map(waitAt)),
    run: async (ways, work) => {
      const beganMs = performance.now();
      for (const way of ways) laneOf(way).running += 1;
      try {
        return await work();
      } finally {
        for (const way of ways) leave(way, performance.now() - beganMs);
      }
    },
  };
}
