import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine reaches a listener at the address. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  const kind = isIP(bare);
  if (kind === 0) return bare.toLowerCase() === 'localhost';
  return loopback.check(bare, kind === 6 ? 'ipv6' : 'ipv4');
}

/** What to say to who opens the service to others before there are keys. */
export const NEEDS_A_KEY =
  'It has no keys yet, so it may be reached from this machine only. Make one first:\n' +
  '  npm run keys -- create --name NAME\n' +
  'or let it listen on 127.0.0.1.';

/** @throws Error in words when the address can be reached by others and no key is there to keep them out. */
export async function refuseOpenDoor(host: string, hasKeys: () => Promise<boolean>): Promise<void> {
  if (isLoopback(host) || (await hasKeys())) return;
  throw new OpenDoorError(`The service is not started on ${host}. ${NEEDS_A_KEY}`);
}

export class OpenDoorError extends Error {
  override readonly name = 'OpenDoorError';
}
