import { timingSafeEqual } from 'node:crypto';
import { CodedError, isAllowed } from '@bonafide/contracts';
import { isLoopback } from '@bonafide/platform';
import type { Request, RequestHandler } from 'express';
import type { ApiContext } from './context';
import { readSession } from './session';

type Needs = Pick<ApiContext, 'keyring' | 'config' | 'store'>;

/** Those who run the service: a key of scope `admin`, or anybody on this machine where there are no keys. */
export function requireOperator(needs: Needs): RequestHandler {
  return async (request, response, next) => {
    if (await isOperator(needs, request)) return next();
    response.set('WWW-Authenticate', 'Basic realm="bonafide: any name, and an admin key as password"');
    throw new CodedError('unauthorized', 'A key of scope admin is needed');
  };
}

/** Who may read the metrics: operators, whoever shows METRICS_TOKEN, and this machine itself. */
export function requireMetricsReader(needs: Needs): RequestHandler {
  const { metricsToken } = needs.config.operation;
  return async (request, response, next) => {
    const shown = bearerOf(request);
    const isKnown = metricsToken !== undefined && shown !== undefined && isEqual(shown, metricsToken);
    if (isKnown || isFromThisMachine(request) || (await isOperator(needs, request))) return next();
    response.set('WWW-Authenticate', 'Bearer');
    throw new CodedError('unauthorized', 'METRICS_TOKEN or a key of scope admin is needed');
  };
}

async function isOperator(needs: Needs, request: Request): Promise<boolean> {
  const { keyring, config } = needs;
  if (isLoopback(config.http.host) && !(await keyring.hasKeys())) return true;
  const text = bearerOf(request) ?? request.get('x-api-key') ?? passwordOf(request);
  const session = text === undefined ? await readSession(needs, request) : null;
  const byKey = text === undefined ? null : await keyring.verify(text);
  const principal = session ? await keyring.verifyPrefix(session.keyPrefix) : byKey;
  return principal !== null && isAllowed(principal, 'admin');
}

/** A proxy on this machine speaks for others, and says so. */
function isFromThisMachine(request: Request): boolean {
  const isForOthers = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => request.get(name));
  const remote = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return !isForOthers && isLoopback(remote);
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
}

/** So that a browser can be let in by its own dialogue. */
function passwordOf(request: Request): string | undefined {
  const [, encoded] = /^Basic +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (encoded === undefined) return undefined;
  return Buffer.from(encoded, 'base64').toString('utf8').split(':').slice(1).join(':');
}

function isEqual(shown: string, expected: string): boolean {
  const [a, b] = [Buffer.from(shown), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
