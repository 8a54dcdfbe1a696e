import ipaddr from 'ipaddr.js';

/** What the operator opens although it is not public: by the name of a host, or by its address. */
type Rule = { port?: number } & ({ host: string } | { block: [ipaddr.IPv4 | ipaddr.IPv6, number] });

export type AllowList = {
  /** Whether whatever the host's name stands for may be called at the port. */
  allowsHost(host: string, port: number): boolean;
  allowsAddress(address: string, port: number): boolean;
};

/**
 * Reads entries such as `hooks.internal`, `hooks.internal:8443`, `10.1.0.0/16`, `127.0.0.1:9000`,
 * `[::1]:9000`, `fd00::/8`. A name does not open what lies below it.
 * @throws Error naming the entry that is none of these
 */
export function parseAllowList(entries: readonly string[]): AllowList {
  const rules = entries.map(parseRule);
  const meetsPort = (rule: Rule, port: number) => rule.port === undefined || rule.port === port;
  return {
    allowsHost: (host, port) =>
      rules.some((rule) => 'host' in rule && rule.host === host.toLowerCase() && meetsPort(rule, port)),
    allowsAddress: (text, port) => {
      const address = ipaddr.process(text);
      return rules.some((rule) => 'block' in rule && isWithin(address, rule.block) && meetsPort(rule, port));
    },
  };
}

function parseRule(entry: string): Rule {
  const [, bracketed, bracketedPort] = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return withPort(addressRule(bracketed, entry), bracketedPort);
  if (entry.includes('/')) return { block: parseBlock(entry) };
  if (ipaddr.isValid(entry)) return addressRule(entry, entry);
  const [, host, port] = /^([a-z0-9._-]+)(?::(\d+))?$/i.exec(entry) ?? [];
  if (host === undefined) throw unreadable(entry);
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(host);
  return withPort(isAddress ? addressRule(host, entry) : { host: host.toLowerCase() }, port);
}

function withPort(rule: Rule, port: string | undefined): Rule {
  return port === undefined ? rule : { ...rule, port: Number(port) };
}

function addressRule(text: string, entry: string): Rule {
  if (!ipaddr.isValid(text)) throw unreadable(entry);
  const address = ipaddr.process(text);
  return { block: [address, address.kind() === 'ipv4' ? 32 : 128] };
}

function parseBlock(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    return ipaddr.parseCIDR(entry);
  } catch {
    throw unreadable(entry);
  }
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, block: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean {
  return address.kind() === block[0].kind() && address.match(block);
}

function unreadable(entry: string): Error {
  return new Error(`${JSON.stringify(entry)} is not a host, host:port or CIDR block`);
}
