import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { parseAllowList, type AllowList } from './allow-list';
import { OutboundError, outboundError } from './outbound-error';
import { isPublicAddress } from './public-address';

export type OutboundRequest = {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** Ends the call, also while the body is being read. */
  signal: AbortSignal;
};

export type OutboundAnswer = {
  status: number;
  /** One value a header; the first where there were several. */
  headers: Record<string, string | undefined>;
  body: Readable;
  /** Lets go of the connection, whatever of the body is still unread. */
  release(): void;
};

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/** Calls to addresses that somebody else named. */
export type Outbound = {
  /** Refuses at once what needs no look at the name servers. @throws OutboundError `address_not_allowed` */
  assertCallable(url: string): void;
  /**
   * One request over a connection of its own. The name is resolved once, every address it has must be public
   * or on the operator's list, and the connection goes to what was checked. Redirects are not followed.
   * @throws OutboundError when there is no answer
   */
  call(url: string, request: OutboundRequest): Promise<OutboundAnswer>;
};

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };
const resolveByHost: Resolve = (host) => promisify(lookup)(host, { all: true, verbatim: true });

/** @throws Error naming an entry of the list that cannot be read */
export function createOutbound(allowHosts: readonly string[], resolve: Resolve = resolveByHost): Outbound {
  const allowed = parseAllowList(allowHosts);
  return {
    assertCallable: (url) => {
      const { host, port } = targetOf(url);
      const isLocalName = /(^|\.)localhost\.?$/.test(host);
      if (isIP(host)) assertAllowed(allowed, [host], port);
      else if (isLocalName && !allowed.allowsHost(host, port)) {
        assertAllowed(allowed, ['127.0.0.1'], port);
      }
    },
    call: async (url, options) => {
      const { host, port } = targetOf(url);
      try {
        const addresses = await addressesOf(host, resolve, options.signal);
        if (!allowed.allowsHost(host, port)) {
          assertAllowed(
            allowed,
            addresses.map(({ address }) => address),
            port,
          );
        }
        return await send(url, addresses, options);
      } catch (error) {
        throw outboundError(error);
      }
    },
  };
}

function targetOf(text: string): { host: string; port: number } {
  const url = URL.canParse(text) ? new URL(text) : null;
  const defaultPort = DEFAULT_PORTS[url?.protocol ?? ''];
  if (!url || defaultPort === undefined || url.username !== '' || url.password !== '') {
    throw new OutboundError('address_not_allowed', 'Only http(s) addresses without a password are called');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return { host, port: url.port === '' ? defaultPort : Number(url.port) };
}

async function addressesOf(host: string, resolve: Resolve, signal: AbortSignal): Promise<LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  signal.throwIfAborted();
  let abort = () => undefined as void;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([resolve(host), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function assertAllowed(allowed: AllowList, addresses: readonly string[], port: number): void {
  const isAllowed = (address: string) => isPublicAddress(address) || allowed.allowsAddress(address, port);
  if (addresses.length > 0 && addresses.every(isAllowed)) return;
  throw new OutboundError('address_not_allowed', 'The address is not on the public internet');
}

async function send(
  url: string,
  addresses: LookupAddress[],
  { method, headers, body, signal }: OutboundRequest,
): Promise<OutboundAnswer> {
  // At the first call: it takes 50 ms of a process's start, and most processes call nobody.
  const { Agent, request } = await import('undici');
  const agent = new Agent({ connect: { lookup: pinned(addresses), timeout: 0 }, pipelining: 0 });
  const release = () => void agent.destroy().catch(() => undefined);
  try {
    const answer = await request(url, { dispatcher: agent, method, headers, body, signal });
    answer.body.on('error', () => undefined);
    return { status: answer.statusCode, headers: single(answer.headers), body: answer.body, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Answers a connection's own look-up with what was checked: the name is not asked for a second time. */
function pinned(addresses: LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    if (options.all) done(null, addresses);
    else done(null, addresses[0].address, addresses[0].family);
  };
}

function single(headers: Record<string, string | string[] | undefined>): OutboundAnswer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
