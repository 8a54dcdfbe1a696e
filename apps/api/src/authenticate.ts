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

/** Who asks where there are no keys: whoever is on this machine. */
const EVERYBODY: Principal = { tenant: DEFAULT_TENANT, key_id: null, scopes: [...SCOPES] };

/**
 * Finds out whose request it is and whether it may be made. While the store holds no key and only this
 * machine reaches us, everybody may do everything.
 */
export function authenticate({ keyring, config }: Pick<ApiContext, 'keyring' | 'config'>) {
  const mayBeOpen = isLoopback(config.http.host);
  return async (request: Request, response: LocalResponse, next: NextFunction): Promise<void> => {
    const isOpen = mayBeOpen && !(await keyring.hasKeys());
    const principal = isOpen ? EVERYBODY : await principalOf(request, keyring);
    if (!principal) {
      response.set('WWW-Authenticate', 'Bearer');
      throw new CodedError('unauthorized', 'A valid key is needed: Authorization: Bearer bf_…');
    }
    const wanted = scopeOf(request);
    if (!isAllowed(principal, wanted)) {
      throw new CodedError('forbidden', `The key does not have the scope ${wanted}`);
    }
    response.locals.principal = principal;
    response.locals.tenant = principal.tenant;
    next();
  };
}

function principalOf(request: Request, keyring: ApiContext['keyring']): Promise<Principal | null> {
  const [, bearer] = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
  return keyring.verify(bearer ?? request.get('x-api-key') ?? '');
}

/** What a request needs: keys are managed by admins; whatever changes something needs `submit`. */
function scopeOf({ method, baseUrl, path }: Request): Scope {
  if (/^\/v1\/keys(\/|$)/i.test(baseUrl + path)) return 'admin';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'submit';
}
