import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';

/**
 * Where Redis is: `redis://[user:password@]host[:port][/db]`, `rediss://` with TLS; `redis+cluster://` with
 * the first nodes to ask, comma-separated; `redis+sentinel://` with the sentinels and the master's name as
 * the path. `?ca=FILE` names the authority that signed the server's certificate.
 */
export const REDIS_ADDRESS =
  /^redis(s?)(?:\+(cluster|sentinel))?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?@]+)(?:\/([^?]*))?(?:\?ca=(.+))?$/;

export type RedisAddress = {
  mode: 'single' | 'cluster' | 'sentinel';
  nodes: { host: string; port: number }[];
  masterName?: string;
  username?: string;
  password?: string;
  db?: number;
  tls?: ConnectionOptions;
};

const PORTS = { single: 6379, cluster: 6379, sentinel: 26_379 } as const;

/** @throws Error naming what is wrong with it, without repeating a password */
export function parseRedisAddress(url: string): RedisAddress {
  const match = REDIS_ADDRESS.exec(url);
  if (!match) throw new Error('REDIS_URL must be a redis:// or rediss:// URL');
  const [, secure, kind, user, password, hosts, path, ca] = match;
  const mode = (kind as 'cluster' | 'sentinel' | undefined) ?? 'single';
  return {
    mode,
    nodes: hosts.split(',').map((host) => nodeOf(host, PORTS[mode])),
    ...(mode === 'sentinel' && { masterName: path || 'mymaster' }),
    ...(mode === 'single' && path && { db: Number(path) }),
    ...(user && { username: decodeURIComponent(user) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(secure && { tls: ca ? { ca: readFileSync(ca) } : {} }),
  };
}

/** `host`, `host:port`, `[v6]` or `[v6]:port`. */
function nodeOf(text: string, usualPort: number): { host: string; port: number } {
  const [, v6, name, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text.trim()) ?? [];
  const host = v6 ?? name;
  if (host === undefined) throw new Error(`REDIS_URL names no host in ${JSON.stringify(text)}`);
  return { host, port: port === undefined ? usualPort : Number(port) };
}
