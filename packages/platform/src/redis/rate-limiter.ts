import { CodedError } from '@bonafide/contracts';
import type { Redis } from 'ioredis';
import { assertConnected, KEY_PREFIX } from './connections';

/** So much a minute, and so much at once after a minute's rest. */
export type RateLimit = { name: string; perMin: number };
export type Charge = { limit: RateLimit; cost: number };
/** What is left of one limit: units now, and the time until all of them are back. */
export type Allowance = { limit: RateLimit; remaining: number; fullInSec: number };
export type Verdict = { waitSec: number; allowances: Allowance[] };

export type RateLimiter = {
  /**
   * Charges the subject all of it, or nothing where any limit would be passed; then `waitSec` tells when it
   * would fit. @throws CodedError `unavailable` when Redis is away
   */
  charge(subject: string, charges: readonly Charge[]): Promise<Verdict>;
  /** Charges what was used already, whether it fits or not: later requests wait for it. */
  debit(subject: string, charges: readonly Charge[]): Promise<Verdict>;
};

const WINDOW_MS = 60_000;

/**
 * Generic cell rate algorithm, one number a limit: the time at which everything used so far will be paid
 * back. A request fits when that time, with its own cost, is not more than a minute ahead. All limits of a
 * request are decided in one step and by the clock of Redis, so that many processes count as one.
 * Returns the longest wait and, for each limit, how far ahead it stands; both in microseconds, as replies
 * are cut to whole numbers.
 */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local due, level, wait = {}, {}, 0
for i, key in ipairs(KEYS) do
  local paid = math.max(now, tonumber(redis.call('GET', key) or '0'))
  due[i] = paid + tonumber(ARGV[i + 1])
  level[i] = paid - now
  wait = math.max(wait, due[i] - ${WINDOW_MS} - now)
end
if wait <= 0 or ARGV[1] == 'debit' then
  for i, key in ipairs(KEYS) do
    level[i] = due[i] - now
    if level[i] >= 1 then
      redis.call('SET', key, string.format('%.4f', due[i]), 'PX', math.ceil(level[i]))
    end
  end
end
local answer = { math.ceil(wait * 1000) }
for i = 1, #KEYS do answer[i + 1] = math.ceil(level[i] * 1000) end
return answer
`;

export function createRateLimiter(redis: Redis): RateLimiter {
  const run = async (mode: 'charge' | 'debit', subject: string, charges: readonly Charge[]) => {
    assertConnected(redis);
    const keys = charges.map(({ limit }) => `${KEY_PREFIX}:rate:${limit.name}:${subject}`);
    const costs = charges.map(({ limit, cost }) => costMs(limit, cost));
    const [waitUs, ...levelsUs] = await evaluate(redis, keys, [mode, ...costs]);
    return {
      waitSec: Math.max(0, waitUs / 1e6),
      allowances: charges.map(({ limit }, index) => allowanceOf(limit, levelsUs[index] / 1000)),
    };
  };
  return {
    charge: (subject, charges) => run('charge', subject, charges),
    debit: (subject, charges) => run('debit', subject, charges),
  };
}

async function evaluate(redis: Redis, keys: string[], args: (string | number)[]): Promise<number[]> {
  try {
    return (await redis.eval(SCRIPT, keys.length, ...keys, ...args)) as number[];
  } catch (error) {
    throw new CodedError('unavailable', 'The limits cannot be looked up', { cause: error });
  }
}

/** What takes more than a minute's worth costs all of it: it goes through when nothing else was used. */
function costMs({ perMin }: RateLimit, cost: number): number {
  return (Math.min(cost, perMin) * WINDOW_MS) / perMin;
}

function allowanceOf(limit: RateLimit, levelMs: number): Allowance {
  const remaining = Math.floor(((WINDOW_MS - levelMs) * limit.perMin) / WINDOW_MS + 1e-6);
  return { limit, remaining: Math.max(0, remaining), fullInSec: Math.ceil(levelMs / 1000) };
}
