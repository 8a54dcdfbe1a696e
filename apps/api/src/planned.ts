import { createHash } from 'node:crypto';
import { CodedError } from '@bonafide/contracts';
import type { Request } from 'express';
import { digestOfBody } from './content-digest';
import type { ApiContext } from './context';
import type { Claim } from './idempotency-claim';
import type { LocalResponse } from './requests';

/** What a request with an `Idempotency-Key` is to make: once, however many processes die over it. */
export type Planned = Pick<Claim, 'keySha256' | 'plannedId' | 'isTakenOver' | 'isHeld'> & {
  /** Kept with what is made; known once the body is read. */
  fingerprint(): string | undefined;
};

type Exchange = { request: Request; response: LocalResponse };

export function planOf(claim: Claim, { request, response: { locals } }: Exchange): Planned {
  const { keySha256, plannedId, isTakenOver } = claim;
  return {
    ...{ keySha256, plannedId, isTakenOver },
    isHeld: () => claim.isHeld(),
    fingerprint: () => locals.contentSha256 && fingerprintOf(request, locals.contentSha256),
  };
}

/** What makes two requests the same: where they go and what they say. */
export function fingerprintOf({ method, originalUrl }: Request, contentSha256: string): string {
  return createHash('sha256').update(`${method}\n${originalUrl}\n${contentSha256}`).digest('hex');
}

/**
 * What the same request has made already in a process that did not live to answer it, or null.
 * @throws CodedError `unprocessable` where that was another request
 */
export async function madeBefore<Made extends { fingerprint?: string }>(
  { config }: Pick<ApiContext, 'config'>,
  { request, response }: Exchange,
  find: (id: string) => Promise<Made | null>,
): Promise<Made | null> {
  const { locals } = response;
  const { planned } = locals;
  const made = planned?.isTakenOver ? await find(planned.plannedId) : null;
  if (!planned || !made) return null;
  if (locals.contentSha256 === undefined) await digestOfBody({ request, response }, config);
  if (planned.fingerprint() === made.fingerprint) return made;
  // Else the refusal would be kept as the answer, which belongs to the request that made it.
  delete locals.contentSha256;
  throw otherRequest();
}

export function otherRequest(): CodedError {
  return new CodedError('unprocessable', 'This Idempotency-Key was used for another request');
}
