import { CodedError, keyPrefixSchema } from '@bonafide/contracts';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { ApiContext } from './context';
import { openToken, sealToken } from './signed-token';

export const SESSION_COOKIE = 'bonafide_session';
const LIFETIME_SEC = 12 * 3_600;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const claimsSchema = z.object({ k: keyPrefixSchema, e: z.number().int() });

type StoreOnly = Pick<ApiContext, 'store'>;

/** Lets a browser in with the key it showed once: the cookie names the key, and no script can read it. */
export async function beginSession(
  { store }: StoreOnly,
  keyPrefix: string,
  { request, response }: { request: Request; response: Response },
): Promise<void> {
  const expiresAtSec = Math.floor(Date.now() / 1000) + LIFETIME_SEC;
  const token = await sealToken(store, 'session', { k: keyPrefix, e: expiresAtSec });
  response.cookie(SESSION_COOKIE, token, { ...attributesFor(request), maxAge: LIFETIME_SEC * 1000 });
}

export function endSession({ request, response }: { request: Request; response: Response }): void {
  response.clearCookie(SESSION_COOKIE, attributesFor(request));
}

/** Which key the browser came in with; null without a session, or with one that is forged or over. */
export async function readSession(
  { store }: StoreOnly,
  request: Request,
): Promise<{ keyPrefix: string } | null> {
  const token = cookieOf(request);
  if (token === undefined) return null;
  const claims = await openToken(store, 'session', { token, schema: claimsSchema });
  return claims && claims.e * 1000 > Date.now() ? { keyPrefix: claims.k } : null;
}

/**
 * Refuses to act for another web site: a browser sends our cookie, or reaches a service on its own machine
 * that asks for no key, for whichever page tells it to. Programs that send a key of their own are not asked.
 */
export const refuseForeignOrigin: RequestHandler = (request, _response, next) => {
  if (SAFE_METHODS.has(request.method) || request.get('authorization') || request.get('x-api-key')) {
    next();
    return;
  }
  const site = request.get('sec-fetch-site');
  const isOurs = site ? site === 'same-origin' || site === 'none' : isOwnOrigin(request);
  next(isOurs ? undefined : new CodedError('forbidden', 'Another web site may not act here'));
};

/** Browsers without fetch metadata still tell the origin; programs tell neither. */
function isOwnOrigin(request: Request): boolean {
  const origin = request.get('origin');
  return origin === undefined || URL.parse(origin)?.host === request.get('host');
}

function attributesFor(request: Request) {
  const isSecure = request.secure || request.get('x-forwarded-proto') === 'https';
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: isSecure } as const;
}

function cookieOf(request: Request): string | undefined {
  const pairs = (request.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === SESSION_COOKIE)?.[1];
}
