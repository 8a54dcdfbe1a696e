/** The rule of deploy/k8s/worker.yaml, and the defaults of Kubernetes where it says nothing. */
const RULE = {
  jobsPerWorker: 8,
  oldestJobSec: 30,
  pollSec: 15,
  /** Growth: the larger of doubling and four more, every 15 s. */
  growthFactor: 2,
  growthLeast: 4,
  shrinkShare: 0.25,
  shrinkEverySec: 60,
  stableSec: 300,
  /** Differences of less are not acted upon. */
  tolerance: 0.1,
} as const;
/** From the decision until a worker takes jobs, where machines are there. */
const START_SEC = 20;
const STEP_SEC = 1;
const HOURS_SEC = 3600;

export type Scaling = { arrivalsPerSec: number; serviceSec: number; maxWorkers: number };
export type ScalingOutcome = {
  mostWorkers: number;
  lastWorkers: number;
  /** When the oldest waiting job was last older than the rule allows. */
  settledSec: number;
  longestWaitSec: number;
};

/**
 * A steady stream from one moment on, from one worker: workers over an hour. In flows, not clip by clip: at these
 * rates chance evens out within a second.
 */
export function simulateScaling({ arrivalsPerSec, serviceSec, maxWorkers }: Scaling): ScalingOutcome {
  const outcome: ScalingOutcome = { mostWorkers: 1, lastWorkers: 1, settledSec: 0, longestWaitSec: 0 };
  const starting: { atSec: number; count: number }[] = [];
  const wishes: { atSec: number; count: number }[] = [];
  let [workers, waiting, shrunkSec] = [1, 0, 0];
  for (let nowSec = 0; nowSec < HOURS_SEC; nowSec += STEP_SEC) {
    while (starting.length > 0 && starting[0].atSec <= nowSec) workers += starting.shift()!.count;
    const couldDo = (workers * STEP_SEC) / serviceSec;
    const done = Math.min(couldDo, waiting + arrivalsPerSec * STEP_SEC);
    waiting += arrivalsPerSec * STEP_SEC - done;
    const running = done >= couldDo ? workers : (done * serviceSec) / STEP_SEC;
    const oldestSec = waiting / arrivalsPerSec;
    outcome.longestWaitSec = Math.max(outcome.longestWaitSec, oldestSec);
    if (oldestSec > RULE.oldestJobSec) outcome.settledSec = nowSec;
    if (nowSec % RULE.pollSec !== 0) continue;
    const planned = workers + starting.reduce((sum, { count }) => sum + count, 0);
    const wish = Math.min(maxWorkers, wishOf(planned, waiting + running, oldestSec));
    wishes.push({ atSec: nowSec, count: wish });
    while (wishes[0].atSec < nowSec - RULE.stableSec) wishes.shift();
    if (wish > planned) {
      const most = Math.max(planned * RULE.growthFactor, planned + RULE.growthLeast);
      starting.push({ atSec: nowSec + START_SEC, count: Math.min(wish, most) - planned });
    } else {
      // The highest wish of the last minutes counts: a lull ends no workers.
      const calm = Math.max(...wishes.map(({ count }) => count));
      if (calm < workers && starting.length === 0 && nowSec - shrunkSec >= RULE.shrinkEverySec) {
        workers = Math.max(calm, Math.ceil(workers * (1 - RULE.shrinkShare)));
        shrunkSec = nowSec;
      }
    }
    outcome.mostWorkers = Math.max(outcome.mostWorkers, workers);
  }
  return { ...outcome, lastWorkers: workers };
}

/** The higher of what both triggers ask for: jobs a worker, and the age of the oldest one in proportion. */
function wishOf(planned: number, jobs: number, oldestSec: number): number {
  const byJobs = Math.ceil(jobs / RULE.jobsPerWorker);
  const ratio = oldestSec / RULE.oldestJobSec;
  const byAge = Math.abs(ratio - 1) <= RULE.tolerance ? planned : Math.ceil(planned * ratio);
  return Math.max(1, byJobs, byAge);
}
