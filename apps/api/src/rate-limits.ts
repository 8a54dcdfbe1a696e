import { CodedError } from '@bonafide/contracts';
import {
  createRateLimiter,
  type Charge,
  type Config,
  type RateLimit,
  type Verdict,
} from '@bonafide/platform';
import type { NextFunction, Request, Response } from 'express';
import type { ApiContext } from './context';
import type { Locals, LocalResponse } from './requests';

/** Where nothing else is set: generous, and only where there are keys to tell callers apart. */
const WITH_KEYS = { submissionsPerMin: 600, bytesPerMin: 2_000_000_000, readsPerMin: 6_000 };
const WITHOUT_KEYS = { submissionsPerMin: 0, bytesPerMin: 0, readsPerMin: 0 };

/**
 * Counts what a key asks for: submissions (every POST) and their bytes, and all other requests as reads. Who
 * passes a limit is told when to come again.
 */
export function limitRates(context: Pick<ApiContext, 'config' | 'redis' | 'log'>) {
  const { config, redis, log } = context;
  const limiter = createRateLimiter(redis);
  return async (request: Request, response: LocalResponse, next: NextFunction): Promise<void> => {
    const charges = chargesOf(request, limitsOf(config, response.locals));
    // Reading what the store holds goes on while Redis is away; what needs the queue is refused there.
    if (charges.length === 0 || (!isSubmission(request) && redis.status !== 'ready')) {
      next();
      return;
    }
    const subject = subjectOf(request, response.locals);
    const verdict = await limiter.charge(subject, charges);
    tell(response, verdict);
    if (verdict.waitSec > 0) throw passed(response, verdict);
    const bytes = charges.find(({ limit }) => limit.name === 'bytes');
    if (bytes && request.get('content-length') === undefined) {
      onceRead(request, (count) => {
        limiter.debit(subject, [{ limit: bytes.limit, cost: count }]).catch((error: Error) => {
          log.warn({ err: error }, 'the bytes of a request were not counted');
        });
      });
    }
    next();
  };
}

/** Counts bytes that will come another way than with a request: to the store itself, by a link that was given. */
export async function debitAnnounced(
  { config, redis }: Pick<ApiContext, 'config' | 'redis'>,
  { request, response, bytes }: { request: Request; response: LocalResponse; bytes: number },
): Promise<void> {
  const { bytesPerMin } = limitsOf(config, response.locals);
  if (bytesPerMin === 0) return;
  const charge = { limit: { name: 'bytes', perMin: bytesPerMin }, cost: bytes };
  await createRateLimiter(redis).debit(subjectOf(request, response.locals), [charge]);
}

type Limits = Required<Config['rates']>;

function limitsOf({ rates }: Config, { principal }: Locals): Limits {
  const defaults = principal.key_id === null ? WITHOUT_KEYS : WITH_KEYS;
  return {
    submissionsPerMin: rates.submissionsPerMin ?? defaults.submissionsPerMin,
    bytesPerMin: rates.bytesPerMin ?? defaults.bytesPerMin,
    readsPerMin: rates.readsPerMin ?? defaults.readsPerMin,
  };
}

function chargesOf(request: Request, limits: Limits): Charge[] {
  const charge = (name: string, perMin: number, cost: number) => ({ limit: { name, perMin }, cost });
  const charges = isSubmission(request)
    ? [
        charge('submissions', limits.submissionsPerMin, 1),
        charge('bytes', limits.bytesPerMin, Number(request.get('content-length') ?? 0)),
      ]
    : [charge('reads', limits.readsPerMin, 1)];
  return charges.filter(({ limit }) => limit.perMin > 0);
}

const isSubmission = ({ method }: Request) => method === 'POST';

function subjectOf({ socket }: Request, { principal }: Locals): string {
  return principal.key_id ?? `address-${socket.remoteAddress ?? 'unknown'}`;
}

function tell(response: Response, { allowances }: Verdict): void {
  const policyOf = ({ name, perMin }: RateLimit) =>
    `"${name}";q=${perMin};w=60${name === 'bytes' ? ';qu="content-bytes"' : ''}`;
  response.set('RateLimit-Policy', allowances.map(({ limit }) => policyOf(limit)).join(', '));
  const states = allowances.map(
    ({ limit, remaining, fullInSec }) => `"${limit.name}";r=${remaining};t=${fullInSec}`,
  );
  response.set('RateLimit', states.join(', '));
}

function passed(response: Response, { waitSec }: Verdict): CodedError {
  const seconds = Math.ceil(waitSec);
  response.set('Retry-After', String(seconds));
  return new CodedError('rate_limited', `The key has used what it may in a minute; again in ${seconds} s`);
}

/** A body of no declared length is counted when it has been read, but for what came along with its headers. */
function onceRead(request: Request, count: (bytes: number) => void): void {
  const { socket } = request;
  const before = socket.bytesRead;
  request.once('close', () => {
    const bytes = socket.bytesRead - before;
    if (bytes > 0) count(bytes);
  });
}
