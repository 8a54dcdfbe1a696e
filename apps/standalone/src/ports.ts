import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems hand out to outgoing connections: a port found free here stays so until its server starts, or starts again. */
const [LOWEST, HIGHEST] = [12_000, 32_000];
const TRIES = 50;

/** A port that a listener could not get, said so that a person knows what to do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/**
 * Any port that can be listened on now.
 * @throws PortTaken when the host itself cannot be used
 */
export async function findPort(host: string): Promise<number> {
  for (let left = TRIES; ; left--) {
    const port = randomInt(LOWEST, HIGHEST);
    try {
      await tryPort(host, port);
      return port;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/**
 * Finds out whether a port can be listened on now.
 * @throws PortTaken naming the way out
 */
export function tryPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new PortTaken(
      `Port ${port} of ${host} is in use by another program. Choose another: PORT=${port + 1} npm start`,
    );
  if (error.code === 'EACCES')
    return new PortTaken(
      `Port ${port} may not be used by this account. Choose one above 1023: PORT=3000 npm start`,
    );
  return new PortTaken(`The address ${host}:${port} cannot be used: ${error.message}`);
}
