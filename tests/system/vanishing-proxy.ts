import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type VanishingProxy = {
  port: number;
  /** What is connected now is never answered again nor closed, as when a host is gone; who comes later is served. */
  vanish(): void;
  close(): void;
};

/** Stands before a server of this machine. */
export async function startVanishingProxy(target: number): Promise<VanishingProxy> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.once('close', () => {
        if (pairs.delete(pair)) pair.forEach((each) => each.destroy());
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const forsaken: Socket[] = [];
  return {
    port: (server.address() as AddressInfo).port,
    vanish: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).destroy();
        forsaken.push(near);
      }
      pairs.clear();
    },
    close: () => {
      server.close();
      forsaken.forEach((socket) => socket.destroy());
      pairs.forEach((pair) => pair.forEach((socket) => socket.destroy()));
    },
  };
}
