import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Below the range from which systems take ports for outgoing connections: one that is free stays so over a restart. */
const [LOWEST, HIGHEST] = [12_000, 32_000];
/** Suites run side by side, and nothing holds a port between our finding it and a server's taking it. */
const SHARES = 8;
const WIDTH = (HIGHEST - LOWEST) / SHARES;
const START = LOWEST + WIDTH * (Number(process.env.JEST_WORKER_ID ?? 0) % SHARES);
const TRIES = 50;

/** Ports that nobody listens on at this moment, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: [Server, number][] = [];
  try {
    while (servers.length < count) servers.push(await listenSomewhere());
    return servers.map(([, port]) => port);
  } finally {
    await Promise.all(servers.map(([server]) => new Promise((resolve) => server.close(resolve))));
  }
}

async function listenSomewhere(): Promise<[Server, number]> {
  for (let n = 0; n < TRIES; n++) {
    const port = randomInt(START, START + WIDTH);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree) return [server, port];
  }
  throw new Error('no free port was found');
}
