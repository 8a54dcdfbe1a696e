/** Deliveries under way to one host in one process: a host that hangs must not hold up all others. */
const MAX_PER_HOST = 4;
const FIRST_GUESS_MS = 200;
/** The weight of the newest in the running mean of latencies. */
const NEWEST = 0.3;

type Lane = { running: number; meanMs: number; nextFreeMs: number };

export type Lanes = {
  /** 0 when the delivery may go now, else how long it is to wait until its turn has probably come. */
  waitMs(host: string): number;
  /** Runs what may go now. */
  run<T>(host: string, work: () => Promise<T>): Promise<T>;
};

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>();
  const laneOf = (host: string): Lane => {
    const lane = lanes.get(host) ?? { running: 0, meanMs: FIRST_GUESS_MS, nextFreeMs: 0 };
    lanes.set(host, lane);
    return lane;
  };
  return {
    waitMs: (host) => {
      const lane = lanes.get(host);
      if (!lane || lane.running < MAX_PER_HOST) return 0;
      const nowMs = Date.now();
      // Those who wait are given turns one behind the other, so that they do not all come back at once.
      lane.nextFreeMs = Math.max(lane.nextFreeMs, nowMs) + lane.meanMs / MAX_PER_HOST;
      return Math.ceil(lane.nextFreeMs - nowMs);
    },
    run: async (host, work) => {
      const lane = laneOf(host);
      const beganMs = performance.now();
      lane.running += 1;
      try {
        return await work();
      } finally {
        lane.running -= 1;
        lane.meanMs += NEWEST * (performance.now() - beganMs - lane.meanMs);
        if (lane.running === 0 && lane.nextFreeMs < Date.now()) lanes.delete(host);
      }
    },
  };
}
