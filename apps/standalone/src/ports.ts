import { createServer } from 'node:net';

/** A port that a listener could not get, said so that a person knows what to do. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

/**
 * A port that can be listened on now: the wished one, or any free one for 0.
 * @throws PortTaken naming the way out
 */
export function reservePort(host: string, wished: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, wished)));
    server.listen(wished, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wished));
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, wished: number): Error {
  if (error.code === 'EADDRINUSE')
    return new PortTaken(
      `Port ${wished} of ${host} is in use by another program. Choose another: PORT=${wished + 1} npm start`,
    );
  if (error.code === 'EACCES')
    return new PortTaken(
      `Port ${wished} may not be used by this account. Choose one above 1023: PORT=3000 npm start`,
    );
  return new PortTaken(`The address ${host}:${wished} cannot be used: ${error.message}`);
}
