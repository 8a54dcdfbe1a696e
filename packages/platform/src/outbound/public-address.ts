import ipaddr from 'ipaddr.js';

/** Global unicast (RFC 4291, 2.4): nothing else of IPv6 is anybody's public address. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
/** Where an IPv6 network reaches IPv4 (RFC 6052); its local form (RFC 8215) is somebody's own network. */
const NAT64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/**
 * Whether the address is one of the public internet: not this machine, its networks, a metadata service, a
 * group, a tunnel or a range set apart (IANA's special-purpose registries). A form that holds an IPv4
 * address (mapped, NAT64) is what that address is; tunnels (6to4, Teredo) end who knows where and are not.
 */
export function isPublicAddress(text: string): boolean {
  if (text.includes('%') || !ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return address.range() === 'unicast';
  const v6 = address as ipaddr.IPv6;
  if (v6.match(NAT64)) return embeddedIpv4(v6).range() === 'unicast';
  return v6.range() === 'unicast' && v6.match(GLOBAL_UNICAST);
}

function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(-4));
}
