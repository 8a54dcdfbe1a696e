import {
  CodedError,
  DEFAULT_TENANT,
  isAllowed,
  SCOPES,
  type Principal,
  type Scope,
} from '@bonafide/contracts';
import { isLoopback } from '@bonafide/platform';
import type { NextFunction, Request } from 'express';
import type { ApiContext } from './context';
import type { LocalResponse } from './requests';
import { readSession } from './session';

/** Who asks where there are no keys: whoever is on this machine. */
const EVERYBODY: Principal = { tenant: DEFAULT_TENANT, key_id: null, scopes: [...SCOPES] };

type Needs = Pick<ApiContext, 'keyring' | 'config' | 'store'>;

/**
 * Finds out whose request it is and whether it may be made. While the store holds no key and only this
 * machine reaches us, everybody may do everything.
 */
export function authenticate(context: Needs) {
  const { publicUrl, linksUrl } = context.config.http;
  const names = new Set([publicUrl, linksUrl].flatMap((url) => (url && URL.parse(url)?.hostname) ?? []));
  return async (request: Request, response: LocalResponse, next: NextFunction): Promise<void> => {
    const isOpen = await isKeyless(context);
    if (isOpen) refuseStrangeName(request, names);
    const principal = isOpen ? EVERYBODY : await principalOf(request, context);
    if (!principal) {
      response.set('WWW-Authenticate', 'Bearer');
      throw new CodedError('unauthorized', 'A valid key is needed: Authorization: Bearer bf_…');
    }
    const missing = scopesOf(request).find((scope) => !isAllowed(principal, scope));
    if (missing) throw new CodedError('forbidden', `The key does not have the scope ${missing}`);
    response.locals.principal = principal;
    response.locals.tenant = principal.tenant;
    next();
  };
}

/** Whether everybody may do everything. */
export async function isKeyless({ keyring, config }: Pick<Needs, 'keyring' | 'config'>): Promise<boolean> {
  return isLoopback(config.http.host) && !(await keyring.hasKeys());
}

/**
 * A page may have its own name lead to this machine, and then counts as ours to its browser: what asks for no key
 * answers to the names of this machine and to those that it is known by outside (`names`) alone.
 * @throws CodedError `forbidden`
 */
function refuseStrangeName(request: Request, names: ReadonlySet<string>): void {
  const name = URL.parse(`http://${request.get('host')}`)?.hostname;
  if (name !== undefined && (isLoopback(name) || names.has(name))) return;
  const told =
    'Without keys this service answers to localhost, 127.0.0.1, [::1] and the host of PUBLIC_URL only';
  throw new CodedError('forbidden', told);
}

/** By the key itself, or by the session of a browser that showed it. */
async function principalOf(request: Request, { keyring, store }: Needs): Promise<Principal | null> {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  const key = bearer ?? request.get('x-api-key');
  if (key !== undefined) return keyring.verify(key);
  const session = await readSession({ store }, request);
  return session && keyring.verifyPrefix(session.keyPrefix);
}

/**
 * What a request needs, before anything is done or answered again for it: keys are managed and models changed by admins;
 * whatever changes something needs `submit`; who may not read would otherwise read by a link of their own.
 */
function scopesOf({ method, baseUrl, path }: Request): Scope[] {
  const address = baseUrl + path;
  if (/^\/v1\/keys(\/|$)/i.test(address)) return ['admin'];
  if (method === 'GET' || method === 'HEAD') return ['read'];
  if (/^\/v1\/models(\/|$)/i.test(address)) return ['admin'];
  return /^\/v1\/analyses\/[^/]+\/shares\/?$/i.test(address) ? ['submit', 'read'] : ['submit'];
}
